import { concat, type Hex } from '@medseal/protocol';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { sha256Hex } from '../lib/digest.ts';
import { freshSalt } from '../lib/random.ts';

/** A salted commitment, and the bytes that open it. The ledger sees the commitment alone. */
export interface Commitment {
  readonly commitment: Hex;
  readonly preimage: Uint8Array;
}

/** Commits to a free text under a fresh 32-byte salt, so that even a guessable text cannot be guessed. */
export function commitText(kind: 'reason' | 'statement', text: string): Commitment {
  const preimage = concat(utf8ToBytes(`medseal ${kind} 1\n`), freshSalt(), utf8ToBytes(text));
  return { commitment: sha256Hex(preimage), preimage };
}
