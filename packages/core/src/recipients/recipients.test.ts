import {
  decapsulateOriginal,
  decapsulateReencrypted,
  generateKFrags,
  generateSecretKey,
  generateSigner,
  publicKeyOf,
  reencrypt,
  verifyCFrag,
  verifyingKeyOf,
} from '@medseal/umbral';
import { describe, expect, it } from 'vitest';
import { domain, flipped, otherDomain, rejection, utf8 } from '../../test/sealed-record.ts';
import { DecryptionError } from '../errors/decryption-error.ts';
import { openBox, sealTo } from './participant-box.ts';
import type { Stanza, StanzaContext } from './stanza.ts';
import { umbralRecipient, UMBRAL_STANZA_BYTES, unwrapWith, verifyUmbralStanza } from './umbral-stanza.ts';

const secret = generateSecretKey();
const publicKey = publicKeyOf(secret);

describe('participant box', () => {
  const context = utf8('ticket');

  it('opens for its receiver, and is another one each time', async () => {
    for (const message of [new Uint8Array(), utf8('a ticket'), new Uint8Array(100_000).fill(3)]) {
      const box = await sealTo(publicKey, message, context);
      expect(await openBox(secret, box, context)).toEqual(message);
      expect(box).toHaveLength(message.length + 1 + 98 + 16);
      expect(await sealTo(publicKey, message, context)).not.toEqual(box);
    }
  });

  it('has one failure for every flipped byte, shorter length, other receiver and other context', async () => {
    const box = await sealTo(publicKey, utf8('a ticket'), context);
    const attempts = [
      openBox(generateSecretKey(), box, context),
      openBox(secret, box, utf8('manifest')),
      openBox(secret, box, new Uint8Array()),
      openBox(secret, Uint8Array.from([...box, 0]), context),
      ...Array.from(box, (_, index) => openBox(secret, flipped(box, index), context)),
      ...Array.from(box, (_, length) => openBox(secret, box.slice(0, length), context)),
    ];
    for (const error of await Promise.all(attempts.map(rejection))) {
      expect(error).toBeInstanceOf(DecryptionError);
      expect((error as Error).cause).toBeUndefined();
    }
  });
});

describe('Umbral stanza', () => {
  const dataKey = new Uint8Array(32).fill(5);
  const context: StanzaContext = {
    domain,
    recordId: `0x${'01'.repeat(32)}`,
    compartment: `0x${'02'.repeat(32)}`,
    level: 'moderate',
    epoch: 7,
  };
  const others: readonly StanzaContext[] = [
    { ...context, domain: otherDomain },
    { ...context, recordId: `0x${'11'.repeat(32)}` },
    { ...context, compartment: `0x${'11'.repeat(32)}` },
    { ...context, level: 'low' },
    { ...context, epoch: 8 },
  ];

  it('opens for the patient', async () => {
    const stanza = await umbralRecipient(publicKey).wrap(dataKey, context);
    expect(stanza.bytes).toHaveLength(UMBRAL_STANZA_BYTES);
    const capsule = verifyUmbralStanza(stanza, publicKey, context);
    expect(await unwrapWith(decapsulateOriginal(secret, capsule), stanza, context)).toEqual(dataKey);
  });

  it('opens for a grantee through two of three proxies', async () => {
    const grantee = generateSecretKey();
    const signer = generateSigner();
    const keys = {
      delegatingKey: publicKey,
      receivingKey: publicKeyOf(grantee),
      verifyingKey: verifyingKeyOf(signer),
    };
    const stanza = await umbralRecipient(publicKey).wrap(dataKey, context);
    const capsule = verifyUmbralStanza(stanza, publicKey, context);
    const cfrags = generateKFrags({
      delegatingSecret: secret,
      receivingKey: keys.receivingKey,
      signer,
      threshold: 2,
      shares: 3,
    })
      .slice(1)
      .map((kfrag) => verifyCFrag(reencrypt(capsule, kfrag), capsule, keys));
    const kemKey = decapsulateReencrypted(grantee, publicKey, capsule, cfrags);
    expect(await unwrapWith(kemKey, stanza, context)).toEqual(dataKey);
  });

  it('is refused in every other context, and for another key', async () => {
    const stanza = await umbralRecipient(publicKey).wrap(dataKey, context);
    const kemKey = decapsulateOriginal(secret, verifyUmbralStanza(stanza, publicKey, context));
    for (const other of others) {
      expect(() => verifyUmbralStanza(stanza, publicKey, other)).toThrow(
        expect.objectContaining({ name: 'RejectedError', code: 'BAD_STANZA' }),
      );
      expect(await rejection(unwrapWith(kemKey, stanza, other))).toBeInstanceOf(DecryptionError);
    }
    const wrongKey = publicKeyOf(generateSecretKey());
    expect(() => verifyUmbralStanza(stanza, wrongKey, context)).toThrow(
      expect.objectContaining({ code: 'BAD_STANZA' }),
    );
  });

  it('with a flipped byte is refused, or its data key does not unwrap', async () => {
    const stanza = await umbralRecipient(publicKey).wrap(dataKey, context);
    const kemKey = decapsulateOriginal(secret, verifyUmbralStanza(stanza, publicKey, context));
    const proven = UMBRAL_STANZA_BYTES - 48;
    for (let index = 0; index < UMBRAL_STANZA_BYTES; index += index < proven ? 3 : 1) {
      const altered: Stanza = { ...stanza, bytes: flipped(stanza.bytes, index) };
      if (index < proven)
        expect(() => verifyUmbralStanza(altered, publicKey, context), `byte ${index}`).toThrow(
          expect.objectContaining({ code: 'BAD_STANZA' }),
        );
      else expect(await rejection(unwrapWith(kemKey, altered, context))).toBeInstanceOf(DecryptionError);
    }
  });

  it('of another type, length or key size is refused', async () => {
    const stanza = await umbralRecipient(publicKey).wrap(dataKey, context);
    for (const wrong of [
      { ...stanza, type: 2 },
      { ...stanza, bytes: stanza.bytes.slice(1) },
      { ...stanza, bytes: new Uint8Array() },
    ]) {
      expect(() => verifyUmbralStanza(wrong, publicKey, context)).toThrow(
        expect.objectContaining({ code: 'BAD_STANZA' }),
      );
      expect(await rejection(unwrapWith(dataKey, wrong, context))).toBeInstanceOf(DecryptionError);
    }
    await expect(umbralRecipient(publicKey).wrap(new Uint8Array(16), context)).rejects.toThrow(RangeError);
  });

  it('binds the wrapped key to its own capsule', async () => {
    const [a, b] = [
      await umbralRecipient(publicKey).wrap(dataKey, context),
      await umbralRecipient(publicKey).wrap(dataKey, context),
    ];
    const mixed: Stanza = { ...a, bytes: Uint8Array.from([...a.bytes.slice(0, 194), ...b.bytes.slice(194)]) };
    const capsule = verifyUmbralStanza(mixed, publicKey, context);
    const opening = unwrapWith(decapsulateOriginal(secret, capsule), mixed, context);
    expect(await rejection(opening)).toBeInstanceOf(DecryptionError);
    const keyOfB = decapsulateOriginal(secret, verifyUmbralStanza(b, publicKey, context));
    await expect(unwrapWith(keyOfB, b, context)).resolves.toEqual(dataKey);
    expect(await rejection(unwrapWith(keyOfB, mixed, context))).toBeInstanceOf(DecryptionError);
  });
});
