import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it, vi } from 'vitest';
import { flipped, rejection, utf8 } from '../../test/sealed-record.ts';
import { DecryptionError } from '../errors/decryption-error.ts';
import { passphraseKey } from '../lib/passphrase.ts';
import { hasBoundedWork, passphraseIdentity, passphraseRecipient } from './passphrase-stanza.ts';
import { generateX25519Secret, x25519Identity, x25519PublicKey, x25519Recipient } from './x25519-stanza.ts';

// As it is, and observed: it is the work.
vi.mock(import('../lib/passphrase.ts'), { spy: true });

// RFC 7748, section 6.1.
const ALICE = '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a';
const ALICE_PUBLIC = '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a';
const dataKey = Uint8Array.from({ length: 32 }, (_, index) => index);
const context = utf8('this file');

async function expectOneFailure(attempts: readonly Promise<unknown>[]): Promise<void> {
  for (const error of await Promise.all(attempts.map(rejection))) {
    expect(error).toBeInstanceOf(DecryptionError);
    expect((error as Error).cause).toBeUndefined();
  }
}

describe('X25519 stanza', () => {
  const secret = generateX25519Secret();
  const recipient = x25519Recipient(x25519PublicKey(secret));
  const identity = x25519Identity(secret);

  it('opens for its receiver, and is another one each time', async () => {
    const stanza = await recipient.wrap(dataKey, context);
    expect(stanza.bytes).toHaveLength(80);
    expect(await identity.unwrap(stanza, context)).toEqual(dataKey);
    expect(await recipient.wrap(dataKey, context)).not.toEqual(stanza);
  });

  it('uses X25519 as RFC 7748 has it', () => {
    expect(x25519PublicKey(hexToBytes(ALICE))).toEqual(hexToBytes(ALICE_PUBLIC));
  });

  it('has one failure: another receiver, context, length or bit', async () => {
    const stanza = await recipient.wrap(dataKey, context);
    await expectOneFailure([
      x25519Identity(generateX25519Secret()).unwrap(stanza, context),
      identity.unwrap(stanza, utf8('another file')),
      identity.unwrap({ ...stanza, bytes: stanza.bytes.slice(1) }, context),
      identity.unwrap({ ...stanza, bytes: new Uint8Array(80) }, context),
      ...Array.from(stanza.bytes, (_, index) =>
        // The top bit of an X25519 key is ignored (RFC 7748, section 5); here it still changes the derived key.
        identity.unwrap({ ...stanza, bytes: flipped(stanza.bytes, index) }, context),
      ),
    ]);
    const topBit = Uint8Array.from(stanza.bytes);
    topBit[31] = (topBit[31] ?? 0) ^ 0x80;
    await expectOneFailure([identity.unwrap({ ...stanza, bytes: topBit }, context)]);
  });

  it('is not made for a key of low order, nor for what is no key', async () => {
    for (const lowOrder of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31))])
      await expect(x25519Recipient(lowOrder).wrap(dataKey, context)).rejects.toThrow(RangeError);
    expect(() => x25519Recipient(new Uint8Array(31))).toThrow(RangeError);
    expect(() => x25519Identity(new Uint8Array(33))).toThrow(RangeError);
    await expect(recipient.wrap(new Uint8Array(16), context)).rejects.toThrow(RangeError);
  });
});

describe('passphrase stanza', () => {
  const recipient = passphraseRecipient('correct horse', { logN: 14 });
  const identity = passphraseIdentity('correct horse');

  it('opens with the passphrase, however it was composed', async () => {
    const stanza = await recipient.wrap(dataKey, context);
    expect(stanza.bytes).toHaveLength(81);
    expect(hasBoundedWork(stanza)).toBe(true);
    expect(await identity.unwrap(stanza, context)).toEqual(dataKey);
    const composed = await passphraseRecipient('café', { logN: 14 }).wrap(dataKey, context);
    expect(await passphraseIdentity('cafe\u0301').unwrap(composed, context)).toEqual(dataKey);
  });

  it('has one failure: another passphrase, context, length or bit', async () => {
    const stanza = await recipient.wrap(dataKey, context);
    await expectOneFailure([
      passphraseIdentity('correct horsf').unwrap(stanza, context),
      identity.unwrap(stanza, utf8('another file')),
      identity.unwrap({ ...stanza, bytes: stanza.bytes.slice(1) }, context),
      ...[1, 32, 33, 80].map((at) => identity.unwrap({ ...stanza, bytes: flipped(stanza.bytes, at) }, context)),
    ]);
  });

  it('does no work that is absurd', async () => {
    const stanza = await recipient.wrap(dataKey, context);
    for (const logN of [0, 1, 13, 19, 30, 63, 255]) {
      const absurd = { ...stanza, bytes: Uint8Array.of(logN, ...stanza.bytes.slice(1)) };
      expect(hasBoundedWork(absurd)).toBe(false);
      vi.mocked(passphraseKey).mockClear();
      await expectOneFailure([identity.unwrap(absurd, context)]);
      expect(passphraseKey).not.toHaveBeenCalled();
    }
    await identity.unwrap(stanza, context);
    expect(passphraseKey).toHaveBeenCalledOnce();
    for (const logN of [13, 19, 14.5, Number.NaN]) expect(() => passphraseRecipient('x', { logN })).toThrow(RangeError);
  });

  it('is not made with nothing, nor with what UTF-8 would alter', () => {
    expect(() => passphraseRecipient('')).toThrow(RangeError);
    expect(() => passphraseRecipient('\ud800')).toThrow(RangeError);
  });
});
