import { concat, isMedsealError } from '@medseal/protocol';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  dataKeyOf,
  domain,
  flipped,
  openWard,
  otherDomain,
  rejection,
  seal,
  type Ward,
} from '../../test/sealed-record.ts';
import { DecryptionError } from '../errors/decryption-error.ts';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { openOnce, sealOnce } from '../lib/aead.ts';
import { deriveKey } from '../lib/kdf.ts';
import type { Store } from '../ports/store.ts';
import type { Stanza } from '../recipients/stanza.ts';
import { encodeHeader, type Header, MAX_HEADER_BYTES, parseHeader, verifyHeaderMac } from './header.ts';
import { NO_COMPARTMENT, NO_EPOCH } from './inbox.ts';
import { openMetadata, sealMetadata } from './metadata.ts';
import { openContent } from './open-content.ts';
import { METADATA_BYTES } from './padded-box.ts';
import { sealedSize } from './payload.ts';

let ward: Ward;
let header: Uint8Array;
let parsed: Header;
let dataKey: Uint8Array;
beforeAll(async () => {
  ward = await openWard();
  ({ header } = await seal(ward));
  parsed = parseHeader(header);
  dataKey = await dataKeyOf(ward, header);
});

/** The error with which opening fails: of parsing if the header is not one, else the one failure of decryption. */
async function openingError(bytes: Uint8Array): Promise<unknown> {
  return rejection(openContent({ header: bytes, dataKey, store: ward.store, domain }));
}

function isHeader(bytes: Uint8Array): boolean {
  try {
    return parseHeader(bytes).domain === domain;
  } catch (error) {
    if (!(error instanceof MalformedObjectError)) throw error;
    return false;
  }
}

describe('header', () => {
  it('has one encoding', () => {
    expect(encodeHeader(parsed, dataKey)).toEqual(header);
    expect(parsed.suite).toBe(1);
  });

  it('fails for every flipped byte with the one right kind of error', async () => {
    const counts = { malformed: 0, decryption: 0 };
    for (let index = 0; index < header.length; index++) {
      const altered = flipped(header, index);
      const error = await openingError(altered);
      if (isHeader(altered)) {
        expect(error, `byte ${index}`).toBeInstanceOf(DecryptionError);
        counts.decryption += 1;
      } else {
        expect(isMedsealError(error) && error.code, `byte ${index}`).toMatch(/^(MALFORMED|UNVERIFIED)_OBJECT$/);
        counts.malformed += 1;
      }
    }
    // Lengths, tags, levels and the 32 bytes of the domain are seen without the key; all other bytes by the HMAC.
    expect(counts.malformed).toBeLessThan(70);
    expect(counts.decryption + counts.malformed).toBe(header.length);
  });

  it('is refused at every shorter length, and with bytes behind it', async () => {
    for (let length = 0; length < header.length; length++)
      expect(() => parseHeader(header.slice(0, length)), `length ${length}`).toThrow(MalformedObjectError);
    expect(() => parseHeader(concat(header, Uint8Array.of(0)))).toThrow(MalformedObjectError);
    expect(await openingError(header.slice(0, -1))).toBeInstanceOf(MalformedObjectError);
  });

  it('never throws anything but a typed error on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(header.length), fc.boolean(), (noise, at, behind) => {
        const bytes = behind ? concat(header.slice(0, at), noise) : concat(noise, header.slice(at));
        try {
          parseHeader(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedObjectError);
        }
      }),
    );
  });

  it('is bounded', () => {
    const error = catchError(() => parseHeader(new Uint8Array(MAX_HEADER_BYTES + 1)));
    expect(error).toMatchObject({ object: 'header', field: 'length' });
    expect(() => encodeHeader({ ...parsed, blob: { ...parsed.blob, locator: 'x'.repeat(1025) } }, dataKey)).toThrow(
      RangeError,
    );
    const largest = encodeHeader(
      { ...parsed, blob: { ...parsed.blob, locator: 'x'.repeat(1024) }, ticket: new Uint8Array(1024).fill(1) },
      dataKey,
    );
    expect(largest.length).toBeLessThanOrEqual(MAX_HEADER_BYTES);
    expect(parseHeader(largest).blob.locator).toHaveLength(1024);
  });

  it('may lack the ticket only where author and owner are one', () => {
    const without = encodeHeader({ ...parsed, ticket: undefined }, dataKey);
    expect(catchError(() => parseHeader(without))).toMatchObject({ code: 'MALFORMED_OBJECT', field: 'ticket' });
    const own = encodeHeader({ ...parsed, author: parsed.owner, ticket: undefined }, dataKey);
    expect(parseHeader(own).ticket).toBeUndefined();
  });

  it('derives another record id from every field that is part of it', () => {
    const changes: readonly Partial<Header>[] = [
      { owner: `0x${'12'.repeat(20)}` },
      { author: `0x${'12'.repeat(20)}` },
      { compartment: `0x${'12'.repeat(32)}` },
      { epoch: 9 },
      { level: 'private' },
      { salt: `0x${'12'.repeat(32)}` },
      { blob: { ...parsed.blob, digest: `0x${'12'.repeat(32)}` } },
    ];
    const ids = changes.map((change) => parseHeader(encodeHeader({ ...parsed, ...change }, dataKey)).recordId);
    expect(new Set([parsed.recordId, ...ids]).size).toBe(changes.length + 1);
  });

  it('has stanzas of known types, each of its one length', () => {
    const [stanza] = parsed.stanzas;
    const wrong = (change: Partial<Stanza>): Uint8Array =>
      encodeHeader({ ...parsed, stanzas: [{ ...stanza, ...change }] }, dataKey);
    const fieldOf = (bytes: Uint8Array): unknown => catchError(() => parseHeader(bytes));
    for (const type of [0, 4, 5, 6, 255]) expect(fieldOf(wrong({ type }))).toMatchObject({ field: 'stanza type' });
    expect(fieldOf(wrong({ type: 2 }))).toMatchObject({ field: 'stanza' });
    expect(fieldOf(wrong({ bytes: stanza.bytes.slice(1) }))).toMatchObject({ field: 'stanza' });
    const count = header.length - 32 - stanza.bytes.length - 4 - 2;
    expect(header[count]).toBe(1);
    const counted = Uint8Array.from(header);
    counted[count] = 0;
    expect(fieldOf(counted)).toMatchObject({ field: 'number of stanzas' });
    counted[count] = 2;
    expect(fieldOf(counted)).toMatchObject({ code: 'MALFORMED_OBJECT' });
  });

  it('has stanzas that may stand together, in their order', () => {
    const [umbral] = parsed.stanzas;
    const author: Stanza = { type: 2, bytes: new Uint8Array(147) };
    const inbox: Stanza = { type: 3, bytes: new Uint8Array(147) };
    const outcome = (stanzas: Header['stanzas'], change: Partial<Header> = {}): unknown => {
      const bytes = encodeHeader({ ...parsed, ...change, stanzas }, dataKey);
      try {
        return parseHeader(bytes).stanzas.map(({ type }) => type);
      } catch (error) {
        return (error as MalformedObjectError).field;
      }
    };
    const own = { ticket: undefined, author: parsed.owner };
    const inInbox = { ticket: undefined, compartment: NO_COMPARTMENT, epoch: NO_EPOCH };
    expect(outcome([umbral])).toEqual([1]);
    expect(outcome([umbral], own)).toEqual([1]);
    expect(outcome([umbral, author])).toEqual([1, 2]);
    expect(outcome([umbral, author], own)).toBe('ticket');
    expect(outcome([inbox], inInbox)).toEqual([3]);
    expect(outcome([inbox])).toBe('ticket');
    expect(outcome([inbox], { ticket: undefined })).toBe('compartment');
    expect(outcome([inbox], { ...inInbox, epoch: 1 })).toBe('compartment');
    expect(outcome([inbox], { ...inInbox, compartment: parsed.compartment })).toBe('compartment');
    for (const stanzas of [[author], [author, umbral], [umbral, umbral], [umbral, inbox], [inbox, inbox]] as const)
      for (const change of [{}, own, inInbox]) expect(outcome(stanzas, change)).toBe('stanzas');
    expect(outcome([umbral, author, author])).toBe('stanzas');
  });

  it('is bound to its data key', () => {
    expect(() => verifyHeaderMac(header, dataKey)).not.toThrow();
    expect(() => verifyHeaderMac(header, flipped(dataKey, 5))).toThrow(DecryptionError);
    expect(() => verifyHeaderMac(new Uint8Array(), dataKey)).toThrow(DecryptionError);
  });

  it('of another ledger does not open', async () => {
    const opening = openContent({ header, dataKey, store: ward.store, domain: otherDomain });
    expect(await rejection(opening)).toMatchObject({ code: 'UNVERIFIED_OBJECT', object: 'header', failed: 'domain' });
  });

  it('shares no memory with what it was read from', () => {
    const bytes = Uint8Array.from(header);
    const read = parseHeader(bytes);
    bytes.fill(0);
    expect(read).toEqual(parsed);
  });
});

describe('swaps between records of one compartment', () => {
  it('of payloads fail', async () => {
    const [a, b] = [await seal(ward, new Uint8Array(40)), await seal(ward, new Uint8Array(40))];
    const [payloadA, payloadB] = [a, b].map(({ payloadDigest }) => ward.store.blobs.get(payloadDigest));
    ward.store.blobs.set(a.payloadDigest, payloadB ?? new Uint8Array());
    const opened = await openContent({
      header: a.header,
      dataKey: await dataKeyOf(ward, a.header),
      store: ward.store,
      domain,
    });
    expect(await rejection(opened.bytes())).toBeInstanceOf(DecryptionError);
    ward.store.blobs.set(a.payloadDigest, payloadA ?? new Uint8Array());
  });

  it('of every flipped byte in the store fail', async () => {
    const sealed = await seal(ward, new Uint8Array(20));
    const own = await dataKeyOf(ward, sealed.header);
    const payload = ward.store.blobs.get(sealed.payloadDigest) ?? new Uint8Array();
    for (let index = 0; index < payload.length; index++) {
      ward.store.blobs.set(sealed.payloadDigest, flipped(payload, index));
      const opened = await openContent({ header: sealed.header, dataKey: own, store: ward.store, domain });
      expect(await rejection(opened.bytes())).toBeInstanceOf(DecryptionError);
    }
  });

  it('of metadata, payload salt or payload reference fail by the HMAC', async () => {
    const other = parseHeader((await seal(ward)).header);
    const body = (change: Partial<Header>): Uint8Array => {
      const foreign = encodeHeader({ ...parsed, ...change }, new Uint8Array(32));
      return concat(foreign.slice(0, -32), header.slice(-32));
    };
    for (const field of ['metadata', 'payloadSalt', 'blob', 'stanzas', 'salt'] as const) {
      expect(await openingError(body({ [field]: other[field] })), field).toBeInstanceOf(DecryptionError);
    }
  });

  it('by somebody who knows the data key show in the metadata', async () => {
    const other = parseHeader((await seal(ward, new Uint8Array(7))).header);
    const forged = encodeHeader({ ...parsed, blob: other.blob }, dataKey);
    expect(await openingError(forged)).toBeInstanceOf(DecryptionError);
    const sameSize = parseHeader((await seal(ward)).header);
    const swapped = encodeHeader({ ...parsed, metadata: sameSize.metadata }, dataKey);
    expect(await openingError(swapped)).toBeInstanceOf(DecryptionError);
  });
});

describe('an author who lies in a header that authenticates', () => {
  const openLie = async (lie: Partial<Header>): Promise<unknown> => {
    const payload = ward.store.blobs.get(parsed.payloadDigest) ?? new Uint8Array();
    async function* anyway(): AsyncGenerator<Uint8Array> {
      yield payload;
    }
    const store: Store = { ...ward.store, get: anyway };
    const opened = await openContent({ header: encodeHeader({ ...parsed, ...lie }, dataKey), dataKey, store, domain });
    return rejection(opened.bytes());
  };

  it('is caught about the payload’s digest', async () => {
    const lie = { blob: { ...parsed.blob, digest: `0x${'12'.repeat(32)}` } } as const;
    expect(await openLie(lie)).toBeInstanceOf(DecryptionError);
  });

  it('is caught about the content’s digest and size', async () => {
    const metadata = await openMetadata(parsed.metadata, dataKey);
    const digest = await sealMetadata({ ...metadata, plaintextDigest: `0x${'12'.repeat(32)}` }, dataKey);
    expect(await openLie({ metadata: digest })).toBeInstanceOf(DecryptionError);
    const size = metadata.size + 1;
    const longer = await sealMetadata({ ...metadata, size }, dataKey);
    const blob = { ...parsed.blob, size: sealedSize(size) };
    expect(await openLie({ metadata: longer, blob })).toBeInstanceOf(DecryptionError);
  });

  it('is caught about metadata that is not in its one form', async () => {
    const salt = parsed.metadata.slice(0, 32);
    const key = deriveKey(dataKey, 'medseal metadata v1', { salt });
    const fields = await openOnce(key, parsed.metadata.slice(32));
    const sealedWith = async (at: number, byte: number): Promise<Uint8Array> => {
      const changed = Uint8Array.from(fields);
      changed[at] = byte;
      return concat(salt, await sealOnce(key, changed));
    };
    const same = await sealedWith(0, 0);
    expect(same).toHaveLength(METADATA_BYTES);
    await expect(openMetadata(same, dataKey)).resolves.toMatchObject({ mediaType: 'text/plain' });
    const padding = await sealedWith(fields.length - 1, 1);
    // The slash of text/plain, behind 79 bytes of other fields.
    const mediaType = await sealedWith(79 + 4, 0x20);
    for (const wrong of [padding, mediaType])
      expect(await rejection(openMetadata(wrong, dataKey))).toBeInstanceOf(DecryptionError);
  });
});

function catchError(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('The call did not throw');
}
