import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { concat } from '@medseal/protocol';
import { expect, it } from 'vitest';
import { deriveKey } from '../../src/lib/kdf.ts';
import { passphraseKey } from '../../src/lib/passphrase.ts';
import { PASSPHRASE_STANZA, passphraseIdentity, passphraseRecipient } from '../../src/recipients/passphrase-stanza.ts';
import { encodeFileHeader, parseFileHeader } from '../../src/seal/file-header.ts';
import { frameHeader } from '../../src/seal/file-frame.ts';
import { sealFileMetadata } from '../../src/seal/file-metadata.ts';
import { openFile } from '../../src/seal/open-file.ts';
import { encryptPayload, payloadCipher } from '../../src/seal/payload.ts';
import { fileContext, sealFile } from '../../src/seal/seal-file.ts';
import { collectBytes, toByteStream } from '../../src/lib/byte-stream.ts';
import { failure } from '../hospital.ts';

const NONCE = new Uint8Array(12);
const LOG_N = 14;

/** GF(2^128) as GHASH has it: bit 0 of a block is the highest bit of its first byte. */
const R = 0xe1n << 120n;
function multiply(x: bigint, y: bigint): bigint {
  let product = 0n;
  let v = y;
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((x >> bit) & 1n) product ^= v;
    v = v & 1n ? (v >> 1n) ^ R : v >> 1n;
  }
  return product;
}
function inverse(x: bigint): bigint {
  // x^(2^128 - 2): the square of x, times the square of that, and so on 127 times.
  let result = 1n << 127n;
  let square = x;
  for (let step = 0; step < 127; step++) {
    square = multiply(square, square);
    result = multiply(result, square);
  }
  return result;
}
const toInt = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const toBlock = (value: bigint): Uint8Array => Buffer.from(value.toString(16).padStart(32, '0'), 'hex');
const encryptBlock = (key: Uint8Array, block: Uint8Array): bigint =>
  toInt(createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(block));

/** Two blocks and a tag that AES-256-GCM accepts under both keys: GCM does not commit to its key. */
function openUnderBoth(first: Uint8Array, second: Uint8Array): Uint8Array {
  const parts = [first, second].map((key) => ({
    h: encryptBlock(key, new Uint8Array(16)),
    mask: encryptBlock(key, Uint8Array.from([...NONCE, 0, 0, 0, 1])),
  }));
  const [a, b] = parts;
  if (a === undefined || b === undefined) throw new Error('two keys are needed');
  const length = 256n;
  const squares = [multiply(a.h, a.h), multiply(b.h, b.h)] as const;
  const cubes = multiply(squares[0], a.h) ^ multiply(squares[1], b.h);
  const c1 = toInt(randomBytes(16));
  const rest = a.mask ^ b.mask ^ multiply(length, a.h ^ b.h) ^ multiply(c1, cubes);
  const c2 = multiply(rest, inverse(squares[0] ^ squares[1]));
  const tag = a.mask ^ multiply(length, a.h) ^ multiply(c2, squares[0]) ^ multiply(c1, multiply(squares[0], a.h));
  return concat(toBlock(c1), toBlock(c2), toBlock(tag));
}

function open(key: Uint8Array, sealed: Uint8Array): Uint8Array {
  const cipher = createDecipheriv('aes-256-gcm', key, NONCE).setAuthTag(sealed.subarray(32));
  return concat(cipher.update(sealed.subarray(0, 32)), cipher.final());
}

// An attacker who may ask somebody to open files wants to try many passphrases with each. He makes a stanza that opens
// under several; whether the file opens then tells whether the passphrase was among them. The header's HMAC under a key
// from the data key stops it: the passphrases give different data keys, and at most one of them fits the HMAC.
it('learns no more from a crafted stanza than from a plain guess', async () => {
  const passphrases = ['correct horse', 'battery staple'] as const;
  const salt = randomBytes(32);
  const payloadSalt = randomBytes(32);
  const keys: Uint8Array[] = [];
  for (const passphrase of passphrases) {
    const stretched = await passphraseKey(passphrase, salt, LOG_N);
    keys.push(deriveKey(stretched, 'medseal passphrase stanza v1', { info: fileContext(payloadSalt) }));
  }
  const [first = new Uint8Array(), second = new Uint8Array()] = keys;
  const wrapped = openUnderBoth(first, second);
  const dataKeys = [open(first, wrapped), open(second, wrapped)] as const;
  expect(dataKeys[0]).not.toEqual(dataKeys[1]);
  // The attack on the stanza alone works: both passphrases open it.
  const stanza = { type: PASSPHRASE_STANZA, bytes: concat(Uint8Array.of(LOG_N), salt, wrapped) };
  for (const [index, passphrase] of passphrases.entries())
    expect(await passphraseIdentity(passphrase).unwrap(stanza, fileContext(payloadSalt))).toEqual(dataKeys[index]);

  // On the file it does not: only the data key behind the HMAC opens it.
  const described = { mediaType: 'text/plain', measuredAt: 0 };
  const metadata = await sealFileMetadata(described, dataKeys[0]);
  const header = frameHeader(encodeFileHeader({ payloadSalt, metadata, stanzas: [stanza] }, dataKeys[0]));
  const cipher = payloadCipher({ dataKey: dataKeys[0], salt: payloadSalt });
  const file = concat(header, await collectBytes(encryptPayload(toByteStream(new Uint8Array(5)), cipher)));
  expect(await (await openFile({ file, key: passphraseIdentity(passphrases[0]) })).bytes()).toEqual(new Uint8Array(5));
  expect(await failure(openFile({ file, key: passphraseIdentity(passphrases[1]) }))).toMatchObject({
    code: 'DECRYPTION_FAILED',
  });
});

it('gets one passphrase into a file, and no absurd work', async () => {
  const recipient = passphraseRecipient('a', { logN: LOG_N });
  const two = {
    content: new Uint8Array(1),
    mediaType: 'text/plain',
    measuredAt: 0,
    recipients: [recipient, recipient],
  };
  expect(await failure(collectBytes(sealFile(two)))).toBeInstanceOf(RangeError);
  const stanza = await recipient.wrap(new Uint8Array(32), new Uint8Array(32));
  const metadata = await sealFileMetadata({ mediaType: 'text/plain', measuredAt: 0 }, new Uint8Array(32));
  const parts = { payloadSalt: new Uint8Array(32), metadata } as const;
  const malformed = expect.objectContaining({ code: 'MALFORMED_OBJECT' }) as Error;
  const doubled = encodeFileHeader({ ...parts, stanzas: [stanza, stanza] }, new Uint8Array(32));
  expect(() => parseFileHeader(doubled)).toThrow(malformed);
  const absurd = { ...stanza, bytes: Uint8Array.from([31, ...stanza.bytes.subarray(1)]) };
  expect(() => parseFileHeader(encodeFileHeader({ ...parts, stanzas: [absurd] }, new Uint8Array(32)))).toThrow(
    malformed,
  );
});
