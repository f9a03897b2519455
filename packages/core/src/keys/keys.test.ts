import { addressOfPublicKey } from '@medseal/protocol';
import { secretKeyToBytes } from '@medseal/umbral';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { flipped, rejection } from '../../test/sealed-record.ts';
import { DecryptionError } from '../errors/decryption-error.ts';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { passphraseKey } from '../lib/passphrase.ts';
import type { ParticipantKeys } from '../ports/key-store.ts';
import { type CompartmentLabel, compartmentTag, delegatingKey } from './compartment.ts';
import { encodeKeyDocument, keyDocumentDigest, keyDocumentOf, parseKeyDocument } from './key-document.ts';
import { exportKeys, importKeys } from './key-file.ts';
import { memoryKeyStore } from './memory-key-store.ts';
import { generateKeys, secretsOf } from './participant-keys.ts';

vi.mock('../lib/passphrase.ts', { spy: true });

const quick = { logN: 14 };
const passphrase = 'correct horse battery staple';

describe('generateKeys', () => {
  it('makes four different secrets, new ones each time', () => {
    const secrets = [generateKeys(), generateKeys()].flatMap((keys) => {
      const { signing, receiving, delegatingRoot, fragmentSigning } = secretsOf(keys);
      return [signing, receiving, delegatingRoot, fragmentSigning];
    });
    expect(new Set(secrets.map((secret) => Buffer.from(secret).toString('hex'))).size).toBe(8);
    for (const secret of secrets) expect(secret).toHaveLength(32);
  });

  it('names the participant by the signing key', () => {
    const keys = generateKeys();
    expect(keys.address).toBe(addressOfPublicKey(secp256k1.getPublicKey(keys.signingSecret)));
    expect(keys.signer.address).toBe(keys.address);
  });
});

describe('exportKeys and importKeys', () => {
  let keys: ParticipantKeys;
  let file: Uint8Array;
  beforeAll(async () => {
    keys = generateKeys();
    file = await exportKeys(keys, passphrase, quick);
  });

  it('give the same keys back', async () => {
    const imported = await importKeys(file, passphrase);
    expect(secretsOf(imported)).toEqual(secretsOf(keys));
    expect(imported.address).toBe(keys.address);
  });

  it('salt every file', async () => {
    expect(await exportKeys(keys, passphrase, quick)).not.toEqual(file);
  });

  it('have one failure for a wrong passphrase, damage in every part, and anything else', async () => {
    // magic, version, logN, salt, ciphertext, tag
    const damaged = [0, 4, 5, 10, 50, file.length - 1].map((index) => importKeys(flipped(file, index), passphrase));
    const others = [
      importKeys(file, 'wrong'),
      importKeys(file, ''),
      importKeys(file.slice(0, -1), passphrase),
      importKeys(Uint8Array.from([...file, 0]), passphrase),
      importKeys(new Uint8Array(), passphrase),
    ];
    const errors = await Promise.all([...damaged, ...others].map(rejection));
    for (const error of errors) expect(error).toBeInstanceOf(DecryptionError);
    expect(new Set(errors.map((error) => (error as Error).message)).size).toBe(1);
    for (const error of errors) expect((error as Error).cause).toBeUndefined();
  });

  it.each([0, 13, 19, 20, 31, 255])('refuse work factor 2^%i before any work', async (logN) => {
    const hostile = Uint8Array.from(file);
    hostile[5] = logN;
    vi.mocked(passphraseKey).mockClear();
    expect(await rejection(importKeys(hostile, passphrase))).toBeInstanceOf(DecryptionError);
    expect(passphraseKey).not.toHaveBeenCalled();
    await expect(exportKeys(keys, passphrase, { logN })).rejects.toThrow(RangeError);
  });

  it('take a passphrase as people see it, composed or not', async () => {
    const composed = await exportKeys(keys, 'caf\u00e9', quick);
    expect((await importKeys(composed, 'cafe\u0301')).address).toBe(keys.address);
  });

  it('open under what they are bound to, and nothing else', async () => {
    const boundTo = new TextEncoder().encode('anna');
    const bound = await exportKeys(keys, passphrase, { ...quick, boundTo });
    expect((await importKeys(bound, passphrase, { boundTo })).address).toBe(keys.address);
    expect(await rejection(importKeys(bound, passphrase))).toBeInstanceOf(DecryptionError);
    expect(await rejection(importKeys(bound, passphrase, { boundTo: boundTo.slice(1) }))).toBeInstanceOf(
      DecryptionError,
    );
    expect(await rejection(importKeys(file, passphrase, { boundTo }))).toBeInstanceOf(DecryptionError);
  });

  it('refuse an empty passphrase', async () => {
    await expect(exportKeys(keys, '', quick)).rejects.toThrow(RangeError);
  });
});

describe('memoryKeyStore', () => {
  it('keeps keys by subject, and never overwrites them', async () => {
    await using store = memoryKeyStore(quick);
    const keys = await store.generate('anna');
    expect(await store.unlock('anna')).toBe(keys);
    expect(await rejection(store.unlock('bert'))).toMatchObject({ code: 'ABSENT' });
    expect(await rejection(store.export('bert', passphrase))).toMatchObject({ code: 'ABSENT' });
    expect(await rejection(store.generate('anna'))).toMatchObject({ code: 'KEYS_EXIST' });
    const file = await store.export('anna', passphrase);
    expect(await rejection(store.import('anna', file, passphrase))).toMatchObject({ code: 'KEYS_EXIST' });
    expect((await store.import('anna’s phone', file, passphrase)).address).toBe(keys.address);
    expect(await rejection(store.import('bert', file, 'wrong'))).toBeInstanceOf(DecryptionError);
    expect(await rejection(store.unlock('bert'))).toMatchObject({ code: 'ABSENT' });
    const reason = new Error('enough');
    expect(await rejection(store.unlock('anna', { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });
});

describe('key document', () => {
  it('comes back, has one encoding, and another digest for other keys', () => {
    const keys = generateKeys();
    const document = keyDocumentOf(keys);
    const bytes = encodeKeyDocument(document);
    expect(bytes).toHaveLength(87);
    expect(parseKeyDocument(bytes)).toEqual(document);
    expect(keyDocumentDigest(bytes)).not.toBe(keyDocumentDigest(encodeKeyDocument(keyDocumentOf(generateKeys()))));
  });

  it('is refused where it is cut, extended, or a key is not a point', () => {
    const bytes = encodeKeyDocument(keyDocumentOf(generateKeys()));
    for (let length = 0; length < bytes.length; length++)
      expect(() => parseKeyDocument(bytes.slice(0, length))).toThrow(MalformedObjectError);
    expect(() => parseKeyDocument(Uint8Array.from([...bytes, 0]))).toThrow(MalformedObjectError);
    for (const at of [0, 21, 54]) {
      const wrong = Uint8Array.from(bytes);
      wrong[at] = 9;
      expect(() => parseKeyDocument(wrong)).toThrow(MalformedObjectError);
    }
  });
});

describe('compartments', () => {
  const keys = generateKeys();
  const label: CompartmentLabel = { compartment: compartmentTag(keys, 'cardiology'), level: 'moderate', epoch: 1 };

  it('have a tag that depends on patient and name, and on nothing else', () => {
    expect(compartmentTag(keys, 'cardiology')).toBe(label.compartment);
    expect(compartmentTag(keys, 'neurology')).not.toBe(label.compartment);
    expect(compartmentTag(generateKeys(), 'cardiology')).not.toBe(label.compartment);
    expect(compartmentTag(keys, 'caf\u00e9')).toBe(compartmentTag(keys, 'cafe\u0301'));
    expect(() => compartmentTag(keys, '')).toThrow(RangeError);
    expect(() => compartmentTag(keys, '\uD800')).toThrow(RangeError);
  });

  it('have a key of their own for every tag, level, epoch and patient', () => {
    const labels: readonly CompartmentLabel[] = [
      label,
      { ...label, level: 'low' },
      { ...label, level: 'private' },
      { ...label, epoch: 2 },
      { ...label, compartment: compartmentTag(keys, 'neurology') },
    ];
    const scalars = [keys, generateKeys()].flatMap((root) => labels.map((l) => delegatingKey(root, l).scalar));
    expect(new Set(scalars).size).toBe(10);
    expect(delegatingKey(keys, { ...label }).scalar).toBe(delegatingKey(keys, label).scalar);
  });

  it('derive the same from the same root, for ever', () => {
    const root = { delegatingRoot: new Uint8Array(32).fill(0x11) };
    const tag = compartmentTag(root, 'cardiology');
    const key = delegatingKey(root, { compartment: tag, level: 'moderate', epoch: 1 });
    expect(tag).toBe('0xf3fd45ba95e810f41ca4ba4451474bc51c82d7cc7e2f6634e3d0f2d203f65f7d');
    expect(Buffer.from(secretKeyToBytes(key)).toString('hex')).toBe(
      'a7f716cb04a3f3b29e784e36ed054cb9ff5e6bfcbcedadd1e22f02a0dc934cd6',
    );
  });
});
