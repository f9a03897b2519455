import { expect } from 'vitest';
import {
  type Capsule,
  generateKFrags,
  generateSecretKey,
  generateSigner,
  type PublicKey,
  publicKeyOf,
  reencrypt,
  type SecretKey,
  type Signer,
  UmbralError,
  type UmbralErrorCode,
  type VerifiedCFrag,
  type VerifiedKFrag,
  type VerifyingKey,
  verifyCFrag,
  verifyingKeyOf,
} from '../src/index.ts';

export interface Parties {
  readonly delegatingSecret: SecretKey;
  readonly delegatingKey: PublicKey;
  readonly receivingSecret: SecretKey;
  readonly receivingKey: PublicKey;
  readonly signer: Signer;
  readonly verifyingKey: VerifyingKey;
}

/** A delegating party, its signer and a receiver, with fresh keys. */
export function makeParties(): Parties {
  const delegatingSecret = generateSecretKey();
  const receivingSecret = generateSecretKey();
  const signer = generateSigner();
  return {
    delegatingSecret,
    delegatingKey: publicKeyOf(delegatingSecret),
    receivingSecret,
    receivingKey: publicKeyOf(receivingSecret),
    signer,
    verifyingKey: verifyingKeyOf(signer),
  };
}

export function delegate(parties: Parties, threshold: number, shares: number): VerifiedKFrag[] {
  return generateKFrags({ ...parties, threshold, shares });
}

/** What the receiver holds after these proxies have answered. */
export function fragmentsOf(capsule: Capsule, kfrags: readonly VerifiedKFrag[], parties: Parties): VerifiedCFrag[] {
  return kfrags.map((kfrag) => verifyCFrag(reencrypt(capsule, kfrag), capsule, parties));
}

/** The code of the `UmbralError` that `action` throws; `undefined` if it returns. Anything else thrown fails the test. */
export function codeOf(action: () => unknown): UmbralErrorCode | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof UmbralError) return error.code;
    throw error;
  }
  return undefined;
}

/** Calls `check` with every copy of `bytes` in which one bit of one byte is flipped: each byte once, the bits in turn. */
export function forEachMutation(bytes: Uint8Array, check: (mutated: Uint8Array) => void): void {
  expect(bytes.length).toBeGreaterThan(0);
  for (const [position, byte] of bytes.entries()) {
    const mutated = Uint8Array.from(bytes);
    mutated[position] = byte ^ (1 << (position % 8));
    check(mutated);
  }
}

/** First item of a list that must not be empty. */
export function firstOf<T>(items: readonly T[]): T {
  const [first] = items;
  if (first === undefined) throw new Error('expected at least one');
  return first;
}
