import { hash } from 'node:crypto';
import { concat } from '@medseal/protocol';

const CHECKSUM = 16;

/** First 16 bytes of the SHA-256 of the parts, which must have fixed lengths but the last. Finds damage, not forgery. */
export function checksum(...parts: Uint8Array[]): Uint8Array {
  return sha256(concat(...parts)).subarray(0, CHECKSUM);
}

export function sha256(bytes: Uint8Array | string): Uint8Array {
  return hash('sha256', bytes, 'buffer');
}
