import type { Keccak256 } from '@medseal/protocol';

/**
 * Keccak-256 in WebAssembly, through the npm package `hash-wasm` where it is installed; `undefined` where it is not. Same
 * answers as in JavaScript, for all bytes.
 */
export async function wasmKeccak(): Promise<Keccak256 | undefined> {
  try {
    const { createKeccak } = await import('hash-wasm');
    const hash = await createKeccak(256);
    return (bytes) => hash.init().update(bytes).digest('binary');
  } catch {
    return undefined;
  }
}
