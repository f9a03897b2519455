import {
  type Identity,
  authorRecipient,
  inboxRecipient,
  umbralRecipient,
  authorIdentity,
  inboxIdentity,
  passphraseIdentity,
  passphraseRecipient,
  type StanzaContext,
  UMBRAL_STANZA,
  unwrapWith,
  verifyUmbralStanza,
  x25519Identity,
  x25519PublicKey,
  x25519Recipient,
  generateX25519Secret,
} from '@medseal/core/format';
import { DecryptionError } from '@medseal/core';
import { decapsulateOriginal, generateSecretKey, publicKeyOf, type SecretKey } from '@medseal/umbral';
import type { RecipientDriver, RecipientUnderTest } from '../src/index.ts';

function driver<Context>(
  name: string,
  make: () => Omit<RecipientUnderTest<Context>, typeof Symbol.asyncDispose>,
): RecipientDriver<Context> {
  return {
    name,
    create: async () => ({ ...make(), [Symbol.asyncDispose]: async () => {} }),
    [Symbol.asyncDispose]: async () => {},
  };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const file = { context: bytes('this file'), otherContexts: { file: bytes('that file'), 'no file': new Uint8Array() } };
const wrapped = { 'wrapped data key': 32, tag: 16 };

const context: StanzaContext = {
  domain: `0x${'01'.repeat(32)}`,
  recordId: `0x${'02'.repeat(32)}`,
  compartment: `0x${'03'.repeat(32)}`,
  level: 'moderate',
  epoch: 4,
};
const record = {
  context,
  otherContexts: {
    domain: { ...context, domain: `0x${'f1'.repeat(32)}` },
    record: { ...context, recordId: `0x${'f2'.repeat(32)}` },
    compartment: { ...context, compartment: `0x${'f3'.repeat(32)}` },
    level: { ...context, level: 'private' },
    epoch: { ...context, epoch: 5 },
  },
} as const;

export const fileDrivers: readonly RecipientDriver<Uint8Array>[] = [
  driver('X25519', () => {
    const secret = generateX25519Secret();
    return {
      ...file,
      recipient: x25519Recipient(x25519PublicKey(secret)),
      identity: x25519Identity(secret),
      stranger: x25519Identity(generateX25519Secret()),
      parts: { 'ephemeral key': 32, ...wrapped },
    };
  }),
  driver('passphrase', () => ({
    ...file,
    recipient: passphraseRecipient('correct horse', { logN: 14 }),
    identity: passphraseIdentity('correct horse'),
    stranger: passphraseIdentity('battery staple'),
    parts: { 'work factor': 1, salt: 32, ...wrapped },
  })),
];

function receivingKey(
  name: string,
  recipientOf: typeof authorRecipient,
  identityOf: typeof authorIdentity,
): RecipientDriver<StanzaContext> {
  return driver(name, () => {
    const secret = generateSecretKey();
    return {
      ...record,
      recipient: recipientOf(publicKeyOf(secret)),
      identity: identityOf(secret),
      stranger: identityOf(generateSecretKey()),
      parts: { version: 1, capsule: 98, ...wrapped },
    };
  });
}

/** Verifies, decapsulates and unwraps, as the patient does. The proof is public: what it refuses tells nobody anything. */
function umbralIdentity(secret: SecretKey): Identity<StanzaContext> {
  return {
    type: UMBRAL_STANZA,
    unwrap: async (stanza, bound) => {
      const capsule = verified(() => verifyUmbralStanza(stanza, publicKeyOf(secret), bound));
      return unwrapWith(decapsulateOriginal(secret, capsule), stanza, bound);
    },
  };
}

function verified<T>(verify: () => T): T {
  try {
    return verify();
  } catch {
    throw new DecryptionError();
  }
}

export const recordDrivers: readonly RecipientDriver<StanzaContext>[] = [
  driver('Umbral', () => {
    const secret = generateSecretKey();
    return {
      ...record,
      recipient: umbralRecipient(publicKeyOf(secret)),
      identity: umbralIdentity(secret),
      stranger: umbralIdentity(generateSecretKey()),
      parts: { capsule: 98, proof: 96, ...wrapped },
    };
  }),
  receivingKey('author', authorRecipient, authorIdentity),
  receivingKey('inbox', inboxRecipient, inboxIdentity),
];
