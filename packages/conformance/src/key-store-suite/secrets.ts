import type { ParticipantKeys } from '@medseal/core';
import { concat } from '@medseal/protocol';
import { secretKeyToBytes, signerToBytes } from '@medseal/umbral';
import type { KeyStoreUnderTest } from '../drivers/key-store-driver.ts';
import { expectEqual } from '../suite/expect.ts';
import type { SuiteCase } from '../suite/suite.ts';

export type KeyStoreCase = SuiteCase<KeyStoreUnderTest>;

export const absent = { name: 'AbsentError', code: 'ABSENT', retryable: false };
export const exists = { name: 'KeysExistError', code: 'KEYS_EXIST', retryable: false };
export const closed = { name: 'DecryptionError', code: 'DECRYPTION_FAILED', retryable: false };

/** The four secrets of a participant. */
export function secretsOf(keys: ParticipantKeys): readonly Uint8Array[] {
  const { signingSecret, receivingSecret, delegatingRoot, fragmentSigner } = keys;
  return [signingSecret, secretKeyToBytes(receivingSecret), delegatingRoot, signerToBytes(fragmentSigner)];
}

/** Compares without a secret in the message: these keys are the tests' own, but messages have a way to travel. */
export function expectSameKeys(seen: ParticipantKeys, expected: ParticipantKeys, demand: string): void {
  expectEqual(seen.address, expected.address, `${demand}: address`);
  const [a, b] = [seen, expected].map((keys) => concat(...secretsOf(keys)));
  expectEqual(
    a?.length === b?.length && a?.every((byte, index) => byte === b?.[index]),
    true,
    `${demand}: all secrets`,
  );
}

/** Whether `part` stands somewhere in `whole`. */
export function includes(whole: Uint8Array, part: Uint8Array): boolean {
  for (let from = 0; from + part.length <= whole.length; from++)
    if (part.every((byte, index) => whole[from + index] === byte)) return true;
  return false;
}
