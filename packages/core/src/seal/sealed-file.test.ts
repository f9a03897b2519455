import { concat, isMedsealError } from '@medseal/protocol';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { dataKeyOf, domain, flipped, openWard, rejection, seal, utf8 } from '../../test/sealed-record.ts';
import { DecryptionError } from '../errors/decryption-error.ts';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { collectBytes } from '../lib/byte-stream.ts';
import { passphraseKey } from '../lib/passphrase.ts';
import { passphraseIdentity, passphraseRecipient } from '../recipients/passphrase-stanza.ts';
import type { FileRecipient } from '../recipients/stanza.ts';
import { generateX25519Secret, x25519Identity, x25519PublicKey, x25519Recipient } from '../recipients/x25519-stanza.ts';
import { inspectFile } from './inspect-file.ts';
import { openFile, type OpenedFile } from './open-file.ts';
import { CHUNK_BYTES } from './payload.ts';
import { recordFile } from './record-file.ts';
import { sealFile } from './seal-file.ts';

// As it is, and observed: it is the work.
vi.mock(import('../lib/passphrase.ts'), { spy: true });

const secret = generateX25519Secret();
const key = x25519Identity(secret);
const toKey = x25519Recipient(x25519PublicKey(secret));
const content = Uint8Array.from({ length: CHUNK_BYTES + 77 }, (_, index) => index * 5);

function file(recipients: readonly FileRecipient[] = [toKey], bytes = content): Promise<Uint8Array> {
  return collectBytes(sealFile({ content: bytes, recipients, mediaType: 'text/plain', measuredAt: 1_700_000_000 }));
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function openingError(bytes: Uint8Array, with_: Parameters<typeof openFile>[0]['key'] = key): Promise<unknown> {
  return rejection(openFile({ file: bytes, key: with_ }).then((opened) => opened.bytes()));
}

let sealed: Uint8Array;
beforeAll(async () => {
  sealed = await file();
});

describe('sealed file', () => {
  it.each([0, 1, CHUNK_BYTES, 2 * CHUNK_BYTES + 1])('gives %i bytes back', async (size) => {
    const bytes = new Uint8Array(size).fill(3);
    const opened = await openFile({ file: await file([toKey], bytes), key });
    expect(opened).toMatchObject({ mediaType: 'text/plain', measuredAt: 1_700_000_000 });
    expect(opened.record).toBeUndefined();
    expect(await opened.bytes()).toEqual(bytes);
    await expect(opened.bytes()).rejects.toThrow(TypeError);
  });

  it('opens however it is cut on the way', async () => {
    for (const size of [1, 9, 1000, 65_552]) {
      const opened = await openFile({ file: inPieces(sealed, size), key });
      expect(Buffer.compare(await opened.bytes(), content)).toBe(0);
    }
  });

  it('opens for each of its recipients, and for nobody else', async () => {
    const secrets = Array.from({ length: 16 }, generateX25519Secret);
    const shared = await file(secrets.map((one) => x25519Recipient(x25519PublicKey(one))));
    for (const one of secrets)
      expect((await (await openFile({ file: shared, key: x25519Identity(one) })).bytes()).length).toBe(content.length);
    expect(await openingError(shared)).toBeInstanceOf(DecryptionError);
    expect(await openingError(shared, passphraseIdentity('x'))).toBeInstanceOf(DecryptionError);
  });

  it('opens with a passphrase, which stands alone', async () => {
    const passphrase = passphraseRecipient('correct horse', { logN: 14 });
    const locked = await file([passphrase]);
    const opened = await openFile({ file: locked, key: passphraseIdentity('correct horse') });
    expect(Buffer.compare(await opened.bytes(), content)).toBe(0);
    expect(await openingError(locked, passphraseIdentity('wrong horse'))).toBeInstanceOf(DecryptionError);
    expect(await openingError(locked)).toBeInstanceOf(DecryptionError);
    for (const recipients of [
      [passphrase, toKey],
      [passphrase, passphrase],
      [],
      Array.from({ length: 17 }, () => toKey),
    ])
      expect(await rejection(file(recipients))).toBeInstanceOf(RangeError);
  });

  it('fails for every flipped byte of what stands before the payload', async () => {
    const end = sealed.length - content.length - 2 * 16;
    const counts = { malformed: 0, decryption: 0 };
    for (let index = 0; index < end; index++) {
      const error = await openingError(flipped(sealed, index));
      expect(isMedsealError(error), `byte ${index}`).toBe(true);
      counts[error instanceof MalformedObjectError ? 'malformed' : 'decryption'] += 1;
    }
    // Of the rest only lengths, versions, magic, suite and stanza type show without the key.
    expect(counts.malformed).toBeLessThan(30);
    expect(await openingError(flipped(sealed, end + 5))).toBeInstanceOf(DecryptionError);
  });

  it('is not whole at any shorter length, and gives no more than a beginning', async () => {
    for (const length of [
      0,
      3,
      8,
      9,
      400,
      640,
      sealed.length - content.length - 32,
      sealed.length - 100,
      sealed.length - 1,
    ]) {
      const pieces: Uint8Array[] = [];
      const error = await rejection(
        (async (): Promise<void> => {
          const opened = await openFile({ file: sealed.slice(0, length), key });
          for await (const piece of opened.content) pieces.push(piece);
        })(),
      );
      expect(isMedsealError(error), `length ${length}`).toBe(true);
      const out = concat(...pieces);
      expect(out.length).toBeLessThan(content.length);
      expect(Buffer.compare(out, content.subarray(0, out.length))).toBe(0);
    }
  });

  it.each<readonly [string, number, number]>([
    ['magic', 0, 0],
    ['version', 4, 2],
    ['header length', 6, 1],
  ])('names the fault: %s', async (field, at, value) => {
    const wrong = Uint8Array.from(sealed);
    wrong[at] = value;
    expect(await openingError(wrong)).toMatchObject({ code: 'MALFORMED_OBJECT', object: 'sealed file', field });
  });

  it('of an unknown suite, or of absurd work, is refused before any work', async () => {
    const suite = Uint8Array.from(sealed);
    suite[14] = 9;
    expect(await openingError(suite)).toMatchObject({ object: 'file header', field: 'suite' });
    const locked = await file([passphraseRecipient('correct horse', { logN: 14 })]);
    locked[9 + 6 + 32 + 432 + 1 + 1 + 4] = 31;
    vi.mocked(passphraseKey).mockClear();
    const error = await openingError(locked, passphraseIdentity('correct horse'));
    expect(error).toMatchObject({ object: 'file header', field: 'logN' });
    expect(passphraseKey).not.toHaveBeenCalled();
  });

  it('ends its source when it does not open', async () => {
    let ended = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield utf8('this is no sealed file');
      } finally {
        ended = true;
      }
    }
    expect(await rejection(openFile({ file: source(), key }))).toBeInstanceOf(MalformedObjectError);
    expect(ended).toBe(true);
  });

  it('ends its source when the content is not wanted, read or not', async () => {
    for (const pieces of [0, 1]) {
      let ended = false;
      async function* source(): AsyncGenerator<Uint8Array> {
        try {
          yield* inPieces(sealed, 70_000);
          yield* inPieces(sealed, 70_000);
        } finally {
          ended = true;
        }
      }
      const { content: stream } = await openFile({ file: source(), key });
      const reader = stream.getReader();
      for (let read = 0; read < pieces; read++) expect((await reader.read()).value).toHaveLength(CHUNK_BYTES);
      await reader.cancel();
      expect(ended).toBe(true);
    }
  });

  it('stops when aborted, sealing and opening, and reports progress', async () => {
    const reason = new Error('enough');
    async function* silent(first: Uint8Array, abort: AbortController): AsyncGenerator<Uint8Array> {
      yield first;
      setTimeout(() => abort.abort(reason), 5);
      await new Promise(() => {});
    }
    const sealing = new AbortController();
    const parameters = { recipients: [toKey], mediaType: 'text/plain', measuredAt: 0, signal: sealing.signal };
    expect(await rejection(collectBytes(sealFile({ ...parameters, content: silent(content, sealing) })))).toBe(reason);
    const opening = new AbortController();
    const open = (): Promise<OpenedFile> =>
      openFile({ file: silent(sealed.slice(0, -5), opening), key, signal: opening.signal });
    expect(await rejection(open().then((opened) => opened.bytes()))).toBe(reason);
    const onProgress = vi.fn<(bytes: number) => void>();
    await (await openFile({ file: sealed, key, onProgress })).bytes();
    expect(onProgress).toHaveBeenLastCalledWith(content.length);
  });

  it('shows who may open it, and nothing else, to anybody', async () => {
    expect(await inspectFile(sealed)).toEqual({
      suite: 1,
      headerBytes: sealed.length - content.length - 32 - 9,
      stanzas: [{ type: 'x25519' }],
    });
    const locked = await file([passphraseRecipient('correct horse', { logN: 15 })]);
    expect((await inspectFile(inPieces(locked, 1))).stanzas).toEqual([{ type: 'passphrase', logN: 15 }]);
    expect(new TextDecoder('latin1').decode(sealed)).not.toContain('text/plain');
    expect(await rejection(inspectFile(utf8('no file')))).toBeInstanceOf(MalformedObjectError);
  });
});

describe('a record in a file', () => {
  it('is header and payload as they lie, and opens with the data key', async () => {
    const ward = await openWard();
    const { header, recordId, headerDigest, blob } = await seal(ward, content);
    const bytes = await collectBytes(recordFile({ header, store: ward.store }));
    expect(bytes).toHaveLength(9 + header.length + blob.size);
    const dataKey = await dataKeyOf(ward, header);
    const opened = await openFile({ file: inPieces(bytes, 7777), key: { dataKey } });
    expect(opened.record).toEqual({ domain, id: recordId, headerDigest });
    expect(Buffer.compare(await opened.bytes(), content)).toBe(0);
    expect(await openingError(bytes)).toBeInstanceOf(DecryptionError);
    expect(await openingError(bytes, { dataKey: flipped(dataKey, 0) })).toBeInstanceOf(DecryptionError);
    expect(await openingError(bytes.slice(0, -1), { dataKey })).toBeInstanceOf(DecryptionError);
    expect(await openingError(flipped(bytes, bytes.length - 1), { dataKey })).toBeInstanceOf(DecryptionError);
    expect(await inspectFile(bytes)).toMatchObject({
      stanzas: [{ type: 'umbral' }],
      record: { id: recordId, headerDigest, owner: ward.patient.address, payloadSize: blob.size },
    });
  });
});
