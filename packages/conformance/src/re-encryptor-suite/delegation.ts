import { bytesOf } from '../suite/bytes-of.ts';
import { expectRejection } from '../suite/expect.ts';
import type { SuiteCase } from '../suite/suite.ts';
import type { ReEncryptorUnderTest } from './re-encryptor-driver.ts';
import type { FragmentKeys, KeyPair, ProvenCapsule, ReEncryptor } from './re-encryptor.ts';

export type ReEncryptorCase = SuiteCase<ReEncryptorUnderTest>;

export const context: Uint8Array = bytesOf(40, 1);
export const otherContext: Uint8Array = bytesOf(40, 2);

/** A capsule, and fragments of 2 of 3 for somebody who may open it. */
export interface Delegation {
  readonly delegating: KeyPair;
  readonly receiving: KeyPair;
  readonly signer: KeyPair;
  readonly sealed: ProvenCapsule;
  readonly fragments: readonly Uint8Array[];
  readonly keys: FragmentKeys;
}

export function delegate(r: ReEncryptor, threshold = 2, shares = 3): Delegation {
  const [delegating, receiving, signer] = [r.generateKeys(), r.generateKeys(), r.generateSigner()];
  const fragments = r.delegate({
    delegatingSecret: delegating.secret,
    receivingKey: receiving.publicKey,
    signingSecret: signer.secret,
    threshold,
    shares,
  });
  const keys = {
    delegatingKey: delegating.publicKey,
    receivingKey: receiving.publicKey,
    verifyingKey: signer.publicKey,
  };
  return { delegating, receiving, signer, sealed: r.encapsulate(delegating.publicKey, context), fragments, keys };
}

/** What each proxy gives. */
export function reencryptAll(r: ReEncryptor, { sealed, fragments, keys }: Delegation): readonly Uint8Array[] {
  return fragments.map((fragment) => r.reencrypt(sealed.capsule, fragment, keys));
}

/** The key, for the receiver; `other` puts other keys or another capsule in the place of the right ones. */
export function combine(
  r: ReEncryptor,
  { sealed, receiving, keys }: Delegation,
  given: readonly Uint8Array[],
  other: Partial<Parameters<ReEncryptor['combine']>[2] & Pick<ProvenCapsule, 'capsule'>> = {},
): Uint8Array {
  const { capsule, ...others } = { capsule: sealed.capsule, ...other };
  const { delegatingKey, verifyingKey } = keys;
  return r.combine(capsule, given, { receivingSecret: receiving.secret, delegatingKey, verifyingKey, ...others });
}

/** A bit changed in the first byte of each eighth and in the last; a byte missing; nothing at all. */
export function* alterations(bytes: Uint8Array): Generator<Uint8Array> {
  const step = Math.max(1, Math.floor(bytes.length / 8));
  for (let at = 0; at < bytes.length; at += step) yield bytes.with(at, (bytes[at] ?? 0) ^ 1);
  yield bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1);
  yield bytes.slice(0, -1);
  yield new Uint8Array();
}

/** Throwing is all that is asked: which of several checks fails first is the implementation's. */
export function expectThrow(call: () => unknown, demand: string): Promise<unknown> {
  return expectRejection(Promise.resolve().then(call), {}, demand);
}
