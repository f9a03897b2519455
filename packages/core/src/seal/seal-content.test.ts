import { recordId } from '@medseal/protocol';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
  dataKeyOf,
  domain,
  now,
  openWard,
  otherDomain,
  rejection,
  seal,
  sealing,
  utf8,
  type Ward,
} from '../../test/sealed-record.ts';
import { publicKeyOf } from '@medseal/umbral';
import { delegatingKey } from '../keys/compartment.ts';
import { memoryStore } from '../memory/memory-store.ts';
import type { Store } from '../ports/store.ts';
import { contentCommitment } from './content-commitment.ts';
import { headerDigest, parseHeader } from './header.ts';
import { openContent } from './open-content.ts';
import { CHUNK_BYTES } from './payload.ts';
import { sealContent } from './seal-content.ts';

let ward: Ward;
beforeAll(async () => {
  ward = await openWard();
});

async function open(header: Uint8Array): ReturnType<typeof openContent> {
  return openContent({ header, dataKey: await dataKeyOf(ward, header), store: ward.store, domain });
}

describe('sealContent and openContent', () => {
  it.each([0, 1, 1000, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])(
    'gives %i bytes back',
    async (size) => {
      const content = Uint8Array.from({ length: size }, (_, index) => index * 7);
      const sealed = await seal(ward, content);
      const opened = await open(sealed.header);
      expect(opened).toMatchObject({ mediaType: 'text/plain', size, measuredAt: now - 60 });
      expect(opened.recordId).toBe(sealed.recordId);
      expect(opened.contentCommitment).toBe(sealed.contentCommitment);
      expect(await opened.bytes()).toEqual(content);
    },
  );

  it.each([
    ['a blob', new Blob(['one ', 'two'])],
    ['a readable stream', new Blob(['one ', 'two']).stream()],
    [
      'an async iterable',
      (async function* (): AsyncGenerator<Uint8Array> {
        yield utf8('one ');
        yield new Uint8Array();
        yield utf8('two');
      })(),
    ],
  ])('takes %s', async (_, content) => {
    const opened = await open((await seal(ward, content)).header);
    expect(new TextDecoder().decode(await opened.bytes())).toBe('one two');
  });

  it('streams the content out', async () => {
    const content = new Uint8Array(2 * CHUNK_BYTES + 5).fill(9);
    const opened = await open((await seal(ward, content)).header);
    const sizes: number[] = [];
    for await (const piece of opened.content) sizes.push(piece.length);
    expect(sizes).toEqual([CHUNK_BYTES, CHUNK_BYTES, 5]);
    await expect(opened.bytes()).rejects.toThrow(TypeError);
  });

  it('gives the content once', async () => {
    const opened = await open((await seal(ward)).header);
    const whole = opened.bytes();
    await expect(opened.bytes()).rejects.toThrow(TypeError);
    expect(await whole).toEqual(utf8('blood pressure 120/80'));
  });

  it('uses memory again that a store has done with', async () => {
    const content = Uint8Array.from({ length: 40 * CHUNK_BYTES + 7 }, (_, index) => index * 7);
    const buffers = new Set<ArrayBufferLike>();
    let pieces = 0;
    const inner = memoryStore();
    const store: Store = {
      ...inner,
      async put(blob, options) {
        async function* copied(): AsyncGenerator<Uint8Array> {
          for await (const piece of blob) {
            pieces++;
            buffers.add(piece.buffer);
            const copy = Uint8Array.from(piece);
            options?.recycle?.(piece);
            yield copy;
          }
        }
        return inner.put(copied(), options);
      },
    };
    const sealed = await sealContent({ ...sealing(ward, content), store });
    expect(pieces).toBeGreaterThan(4);
    expect(buffers.size).toBeLessThan(4);
    const dataKey = await dataKeyOf(ward, sealed.header);
    const opened = await openContent({ header: sealed.header, dataKey, store, domain });
    expect(Buffer.from(await opened.bytes()).equals(content)).toBe(true);
  });

  it('says what the anchor must say', async () => {
    const { patient, author, label } = ward;
    const sealed = await seal(ward);
    const { payloadDigest, salt, header, blob } = sealed;
    expect(sealed.recordId).toBe(
      recordId({ owner: patient.address, author: author.address, ...label, payloadDigest, salt }),
    );
    expect(parseHeader(header)).toMatchObject({ recordId: sealed.recordId, blob, payloadDigest, salt, domain });
    expect(headerDigest(header)).toBe(sealed.headerDigest);
    expect(blob.digest).toBe(payloadDigest);
  });

  it('seals the same content differently each time', async () => {
    const [a, b] = [await seal(ward), await seal(ward)];
    for (const field of ['recordId', 'payloadDigest', 'contentCommitment', 'salt'] as const)
      expect(a[field]).not.toBe(b[field]);
    expect(await dataKeyOf(ward, a.header)).not.toEqual(await dataKeyOf(ward, b.header));
  });

  it('keeps only ciphertext in the store, and no media type in the header', async () => {
    const content = utf8('a diagnosis that nobody else may read');
    const sealed = await sealContent({ ...sealing(ward, content), mediaType: 'application/x-secret-type' });
    const [stored] = [ward.store.blobs.get(sealed.payloadDigest)];
    for (const bytes of [stored ?? new Uint8Array(), sealed.header]) {
      const text = new TextDecoder('latin1').decode(bytes);
      expect(text).not.toContain('diagnosis');
      expect(text).not.toContain('secret-type');
    }
    expect(stored).toHaveLength(content.length + 16);
    const other = await sealContent({ ...sealing(ward, content), mediaType: 'text/plain' });
    expect(other.header).toHaveLength(sealed.header.length);
  });

  it('lets a patient seal her own record with her own key, without a ticket', async () => {
    const { patient, label, store } = ward;
    const own = {
      ...sealing(ward),
      author: patient.address,
      deposit: { delegatingPublicKey: publicKeyOf(delegatingKey(patient, label)) },
    };
    const sealed = await sealContent(own);
    expect(parseHeader(sealed.header).ticket).toBeUndefined();
    expect(store.blobs.has(sealed.payloadDigest)).toBe(true);
    expect(await rejection(sealContent({ ...own, author: ward.author.address }))).toMatchObject({ code: 'NO_TICKET' });
  });

  it.each([
    ['another owner', { owner: `0x${'12'.repeat(20)}` }],
    ['another author', { author: `0x${'12'.repeat(20)}` }],
    ['another compartment', { compartment: `0x${'12'.repeat(32)}` }],
    ['another level', { level: 'private' }],
    ['another epoch', { epoch: 4 }],
  ] as const)('refuses a ticket for %s, and stores nothing', async (_, change) => {
    const store = memoryStore();
    expect(await rejection(sealContent({ ...sealing(ward), store, ...change }))).toMatchObject({ code: 'NO_TICKET' });
    expect(store.blobs.size).toBe(0);
  });

  it('refuses a ticket at its end, and of another ledger', async () => {
    const { ticket, ticketBytes } = ward;
    const late = { ...sealing(ward), deposit: { ticket: ticketBytes, time: ticket.until } };
    expect(await rejection(sealContent(late))).toMatchObject({ code: 'NO_TICKET' });
    const lastSecond = { ...sealing(ward), deposit: { ticket: ticketBytes, time: ticket.until - 1 } };
    await expect(sealContent(lastSecond)).resolves.toBeDefined();
    const foreign = { ...sealing(ward), domain: otherDomain };
    expect(await rejection(sealContent(foreign))).toMatchObject({ code: 'UNVERIFIED_OBJECT', failed: 'domain' });
  });

  it('reports progress in plaintext bytes', async () => {
    const told: number[] = [];
    const content = [utf8('abc'), utf8('defgh')];
    const stream = new ReadableStream<Uint8Array>({
      pull(controller): void {
        const next = content.shift();
        if (next === undefined) controller.close();
        else controller.enqueue(next);
      },
    });
    await sealContent({ ...sealing(ward, stream), onProgress: (bytes) => told.push(bytes) });
    expect(told).toEqual([3, 8]);
  });

  it('stops when aborted while the content keeps silent, and leaves nothing behind', async () => {
    const abort = new AbortController();
    const store = memoryStore();
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield utf8('first');
      await new Promise(() => {});
    }
    const sealed = sealContent({
      ...sealing(ward, endless()),
      store,
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('enough')),
    });
    await expect(sealed).rejects.toThrow('enough');
    expect(store.blobs.size).toBe(0);
  });

  it('leaves nothing behind when the content fails', async () => {
    const store = memoryStore();
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(CHUNK_BYTES * 2);
      throw new Error('scanner unplugged');
    }
    await expect(sealContent({ ...sealing(ward, failing()), store })).rejects.toThrow('scanner unplugged');
    expect(store.blobs.size).toBe(0);
  });

  it('deletes the payload when it is aborted after the upload', async () => {
    const abort = new AbortController();
    const inner = memoryStore();
    const store: Store = {
      ...inner,
      async put(blob, options) {
        const ref = await inner.put(blob, options);
        abort.abort(new Error('changed my mind'));
        return ref;
      },
    };
    await expect(sealContent({ ...sealing(ward), store, signal: abort.signal })).rejects.toThrow('changed my mind');
    expect(inner.blobs.size).toBe(0);
  });

  it.each([
    ['another digest', { digest: `0x${'00'.repeat(32)}` }],
    ['another size', { size: 1 }],
  ] as const)('notices a store that answers with %s', async (_, lie) => {
    const inner = memoryStore();
    const store: Store = { ...inner, put: async (blob) => ({ ...(await inner.put(blob)), ...lie }) };
    expect(await rejection(sealContent({ ...sealing(ward), store }))).toMatchObject({ code: 'UNFAITHFUL_STORE' });
  });

  it('notices a store that does not read to the end', async () => {
    const ref = { digest: `0x${'00'.repeat(32)}`, size: 0, locator: '' } as const;
    const store: Store = { ...memoryStore(), put: () => Promise.resolve(ref) };
    expect(await rejection(sealContent({ ...sealing(ward), store }))).toMatchObject({ code: 'UNFAITHFUL_STORE' });
  });

  it.each([{ mediaType: 'text' }, { mediaType: 'text/plain\n' }, { mediaType: `a/${'b'.repeat(254)}` }])(
    'refuses media type $mediaType before it reads the content',
    async (wrong) => {
      const content = new ReadableStream<Uint8Array>();
      await expect(sealContent({ ...sealing(ward, content), ...wrong })).rejects.toThrow(RangeError);
      expect(content.locked).toBe(false);
    },
  );

  it.each([-1, 1.5, Number.NaN, 2 ** 40])('refuses time of measurement %d', async (measuredAt) => {
    await expect(sealContent({ ...sealing(ward), measuredAt })).rejects.toThrow(RangeError);
  });

  it('refuses content that is not bytes', async () => {
    await expect(seal(ward, 'text' as unknown as Uint8Array)).rejects.toThrow(TypeError);
  });

  it('wipes the data key', async () => {
    const random = vi.spyOn(crypto, 'getRandomValues');
    await seal(ward);
    const [dataKey, salt] = random.mock.calls.map(([bytes]) => bytes);
    random.mockRestore();
    expect(dataKey).toEqual(new Uint8Array(32));
    expect(salt).not.toEqual(new Uint8Array(32));
  });

  it('opens only when the commitment is the anchored one', async () => {
    const { header, contentCommitment: anchored } = await seal(ward);
    const dataKey = await dataKeyOf(ward, header);
    const parameters = { header, dataKey, store: ward.store, domain };
    await expect(openContent({ ...parameters, contentCommitment: anchored })).resolves.toBeDefined();
    const other = contentCommitment({ plaintextDigest: anchored, measuredAt: 0, salt: new Uint8Array(32) });
    const error = await rejection(openContent({ ...parameters, contentCommitment: other }));
    expect(error).toMatchObject({ code: 'DECRYPTION_FAILED' });
  });

  it('opens after the data key was wiped, and ends early when told', async () => {
    const { header } = await seal(ward, new Uint8Array(3 * CHUNK_BYTES));
    const dataKey = await dataKeyOf(ward, header);
    const abort = new AbortController();
    const opened = await openContent({ header, dataKey, store: ward.store, domain, signal: abort.signal });
    dataKey.fill(0);
    const reader = opened.content.getReader();
    await expect(reader.read()).resolves.toMatchObject({ done: false });
    abort.abort(new Error('enough'));
    await expect(reader.read()).rejects.toThrow('enough');
  });

  it('tells an absent payload from one that does not open', async () => {
    const { header, blob } = await seal(ward);
    await ward.store.delete(blob);
    const opened = await open(header);
    expect(await rejection(opened.bytes())).toMatchObject({ code: 'ABSENT' });
  });
});
