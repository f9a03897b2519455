import { type Keccak256, type RecoverSigner, SIGNATURE, toHex } from '@medseal/protocol';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { wasmKeccak } from './wasm-keccak.ts';

/** The arithmetic of a recovery: the signer's point, uncompressed, and the hash that makes an address of it. */
interface Arithmetic {
  readonly recover: (
    signature: Uint8Array,
    recovery: number,
    digest: Uint8Array,
    compressed: boolean,
    output: Uint8Array,
  ) => Uint8Array;
  readonly keccak256: Keccak256;
}

/** Half of the order of secp256k1: a greater s is the malleable twin of a low one. */
const HALF_ORDER = Buffer.from('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0', 'hex');
const DIGEST = 32;

/** Where each point is written, one after the other: memory of its own for each would cost 1 µs. */
const output = new Uint8Array(65);

/**
 * Recovery of signers by libsecp256k1, through the npm package `secp256k1` where it is installed; `undefined` where it
 * is not, or has no binary for this machine. Same answers as `recoverSigner`, for all bytes. It sees public data only.
 */
export async function nativeRecovery(): Promise<RecoverSigner | undefined> {
  const recover = await loadAddon();
  if (recover === undefined) return undefined;
  const arithmetic = { recover, keccak256: (await wasmKeccak()) ?? keccak_256 };
  return (digest, signature) => recoverWith(arithmetic, digest, signature);
}

async function loadAddon(): Promise<Arithmetic['recover'] | undefined> {
  try {
    const { default: bindings } = await import('secp256k1/bindings.js');
    return bindings.ecdsaRecover.bind(bindings);
  } catch {
    return undefined;
  }
}

function recoverWith(
  { recover, keccak256 }: Arithmetic,
  digest: Uint8Array,
  signature: Uint8Array,
): ReturnType<RecoverSigner> {
  const v = signature[SIGNATURE - 1];
  if (signature.length !== SIGNATURE || (v !== 27 && v !== 28) || digest.length !== DIGEST) return undefined;
  if (HALF_ORDER.compare(signature, 32, 64) < 0) return undefined;
  try {
    const point = recover(signature.subarray(0, 64), v - 27, digest, false, output);
    return toHex(keccak256(point.subarray(1)).subarray(12));
  } catch {
    return undefined; // r or s out of range, or no point of the curve
  }
}
