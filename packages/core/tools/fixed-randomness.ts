import { createHash } from 'node:crypto';

let seed = '';
let counter = 0;

/** What the platform gives as random bytes from now on: SHA-256 of the seed and a counter. For vectors only. */
export function fixRandomness(of: string): void {
  seed = of;
  counter = 0;
}

/** Replaces the platform's generator in this process. */
export function replaceRandomness(): void {
  Object.defineProperty(globalThis.crypto, 'getRandomValues', { value: fill, configurable: true });
}

function fill<T extends Uint8Array>(bytes: T): T {
  for (let at = 0; at < bytes.length; at += 32) {
    const block = createHash('sha256').update(`${seed} ${counter++}`).digest();
    bytes.set(block.subarray(0, bytes.length - at), at);
  }
  return bytes;
}
