import { mapHashToField } from '@noble/curves/abstract/modular.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, randomBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { Fn } from './curve.ts';

/** Uniform scalar in 1..n-1. */
export function randomScalar(): bigint {
  return bytesToNumberBE(mapHashToField(randomBytes(48), Fn.ORDER));
}

/**
 * Scalar in 1..n-1 from fresh randomness and from a secret that only the caller has. It stays unpredictable if either
 * is good, so that a broken random generator does not by itself give away a long-term key.
 *
 * @param tag use of the scalar; different uses of one secret take different tags
 * @param secret 32 bytes
 * @param inputs what the scalar is for, so that a generator that repeats itself does not repeat it for another statement
 */
export function hedgedScalar(tag: string, secret: Uint8Array, ...inputs: readonly Uint8Array[]): bigint {
  const name = utf8ToBytes(`medseal/umbral/${tag}`);
  const digest = sha512(concatBytes(Uint8Array.of(name.length), name, randomBytes(32), secret, ...inputs));
  return bytesToNumberBE(mapHashToField(digest, Fn.ORDER));
}
