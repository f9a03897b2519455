/** The form of the files in `vectors/umbral`. Bytes are written in hexadecimal. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UmbralErrorCode } from '../src/index.ts';
import type { HostileObject, Verdict } from './hostile-forms.ts';

/** One delegation, made by one implementation alone. */
export interface Exchange {
  readonly threshold: number;
  readonly shares: number;
  readonly signDelegatingKey: boolean;
  readonly signReceivingKey: boolean;
  readonly delegatingSecret: string;
  readonly delegatingKey: string;
  readonly receivingSecret: string;
  readonly receivingKey: string;
  readonly verifyingKey: string;
  readonly plaintext: string;
  readonly capsule: string;
  readonly capsuleSimple: string;
  readonly ciphertext: string;
  readonly kfrags: readonly string[];
  /** Of all kfrags, in their order. */
  readonly cfrags: readonly string[];
}

/** An object to be refused, used with the others of the first exchange. */
export interface NegativeVector {
  readonly name: string;
  readonly object: HostileObject;
  readonly bytes: string;
  /** What the implementation that made the exchange did with it. */
  readonly peer: Verdict;
  readonly code: UmbralErrorCode;
}

export interface PeerVectors {
  readonly madeBy: string;
  readonly exchanges: readonly Exchange[];
  readonly negative: readonly NegativeVector[];
}

export interface ProvenCapsule {
  readonly delegatingSecret: string;
  readonly delegatingKey: string;
  readonly context: string;
  readonly capsule: string;
  readonly key: string;
  readonly proof: string;
}

/** Reads one of the files; their form is what this module says. */
export function readVectors(name: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../../vectors/umbral', name), 'utf8'));
}
