import { concat } from '@medseal/protocol';
import { byteWriter } from '../src/lib/byte-writer.ts';
import { passphraseRecipient } from '../src/recipients/passphrase-stanza.ts';
import type { Stanza } from '../src/recipients/stanza.ts';
import { x25519PublicKey, x25519Recipient } from '../src/recipients/x25519-stanza.ts';
import { encodeHeader, type Header } from '../src/seal/header.ts';
import type { Vector, VectorMaker } from './vector.ts';
import {
  authenticated,
  bare,
  contentOf,
  type FileParts,
  fileParts,
  frame,
  headerOf,
  patched,
  RECORD_MAC_LABEL,
  recordParts,
  type RecordVectorParts,
} from './vector-parts.ts';

// Places in a file's header.
const SUITE = 5;
const COUNT = 4 + 1 + 1 + 32 + 432;
const FIRST_TYPE = COUNT + 1;
const FIRST_LENGTH = FIRST_TYPE + 1;
const FIRST_BYTES = FIRST_LENGTH + 4;
// Places in a record's header.
const LEVEL = 4 + 1 + 1 + 32 + 20 + 20 + 32 + 4;
const LOCATOR = LEVEL + 1 + 32 + 32 + 32 + 6;

type Change = (parts: FileParts) => Uint8Array | Promise<Uint8Array>;

/** A file for an X25519 key with one defect; whatever the defect leaves intact is authentic. */
const file =
  (comment: string, change: Change): VectorMaker =>
  async (name) => {
    const parts = await fileParts(contentOf(20));
    return {
      name,
      expect: 'malformed',
      comment,
      key: ['x25519-secret', bare(parts.secret)],
      file: await change(parts),
    };
  };

/** A defect in the header, its HMAC made again. */
const header = (comment: string, change: (header: Uint8Array, parts: FileParts) => Uint8Array): VectorMaker =>
  file(comment, (parts) => frame(authenticated(change(headerOf(parts), parts), parts.dataKey), parts.payload));

const stanzas = (comment: string, change: (parts: FileParts) => readonly Stanza[]): VectorMaker =>
  file(comment, (parts) => frame(headerOf({ ...parts, stanzas: change(parts) }), parts.payload));

const work =
  (logN: number): VectorMaker =>
  async (name) => {
    const parts = await fileParts(contentOf(20), { recipients: [passphraseRecipient('correct horse', { logN: 14 })] });
    const bytes = frame(authenticated(patched(headerOf(parts), FIRST_BYTES, logN), parts.dataKey), parts.payload);
    const comment = `a work factor of 2^${logN}`;
    return { name, expect: 'malformed', comment, key: ['passphrase', 'correct horse'], file: bytes } satisfies Vector;
  };

const record =
  (
    comment: string,
    kind: Parameters<typeof recordParts>[0],
    change: (parts: RecordVectorParts) => Uint8Array | Promise<Uint8Array>,
  ): VectorMaker =>
  async (name) => {
    const parts = await recordParts(kind, contentOf(20));
    const bytes = frame(authenticated(await change(parts), parts.dataKey, RECORD_MAC_LABEL), parts.payload);
    return { name, expect: 'malformed', comment, key: ['data-key', bare(parts.dataKey)], file: bytes };
  };

const recordWith = (comment: string, kind: Parameters<typeof recordParts>[0], change: Partial<Header>): VectorMaker =>
  record(comment, kind, (parts) => encodeHeader({ ...parts.header, ...change }, parts.dataKey));

const recordAt = (comment: string, at: number, ...by: readonly number[]): VectorMaker =>
  record(comment, 'umbral', (parts) => patched(encodeHeader(parts.header, parts.dataKey), at, ...by));

const author: Stanza = { type: 2, bytes: new Uint8Array(147).fill(7) };

/** What is no sealed file, or none of this format. Known before any key is used. */
export const malformedVectors: Readonly<Record<string, VectorMaker>> = {
  'malformed-nothing': file('an empty file', () => new Uint8Array()),
  'malformed-prefix-cut': file('eight bytes', (parts) => frame(headerOf(parts), parts.payload).slice(0, 8)),
  'malformed-magic': file('another magic', (parts) => patched(frame(headerOf(parts), parts.payload), 0, 0x50)),
  'malformed-version': file('another version of the file', (parts) =>
    patched(frame(headerOf(parts), parts.payload), 4, 2),
  ),
  'malformed-header-absent': file('a header of no bytes', (parts) => frame(new Uint8Array(), parts.payload)),
  'malformed-header-cut': file('the file ends within the header', (parts) =>
    frame(headerOf(parts), parts.payload).slice(0, 300),
  ),
  'malformed-header-short': file('the header is one byte longer than stated', (parts) =>
    patched(frame(headerOf(parts), parts.payload), 8, (headerOf(parts).length - 1) & 0xff),
  ),
  'malformed-header-oversized': file('a header of 4097 bytes', (parts) =>
    frame(concat(headerOf(parts), new Uint8Array(4097 - headerOf(parts).length)), parts.payload),
  ),
  'malformed-header-huge': file('a header of four gigabytes, as it says', (parts) =>
    patched(frame(headerOf(parts), parts.payload), 5, 255, 255, 255, 255),
  ),
  'malformed-header-trailing': file('a byte behind the HMAC', (parts) =>
    frame(concat(headerOf(parts), Uint8Array.of(0)), parts.payload),
  ),
  'malformed-header-magic': header('another kind of header', (bytes) => patched(bytes, 3, 0x49)),
  'malformed-header-version': header('another version of the header', (bytes) => patched(bytes, 4, 2)),
  'malformed-suite': header('an unknown suite', (bytes) => patched(bytes, SUITE, 2)),
  'malformed-no-stanza': stanzas('no stanza', () => []),
  'malformed-seventeen-stanzas': stanzas('one recipient too many', ({ stanzas: [one] }) =>
    Array.from({ length: 17 }, () => one ?? author),
  ),
  'malformed-stanza-missing': header('fewer stanzas than stated', (bytes) => patched(bytes, COUNT, 2)),
  'malformed-stanza-type': header('an unknown type of stanza', (bytes) => patched(bytes, FIRST_TYPE, 6)),
  'malformed-stanza-of-records': stanzas('a stanza of a record in the header of a file', ({ stanzas: own }) => [
    ...own,
    author,
  ]),
  'malformed-stanza-short': stanzas('a stanza of one byte less', ({ stanzas: own }) =>
    own.map(({ type, bytes }) => ({ type, bytes: bytes.slice(1) })),
  ),
  'malformed-stanza-long': stanzas('a stanza of one byte more', ({ stanzas: own }) =>
    own.map(({ type, bytes }) => ({ type, bytes: concat(bytes, Uint8Array.of(0)) })),
  ),
  'malformed-stanza-length': header('a stanza of four gigabytes, as it says', (bytes) =>
    patched(bytes, FIRST_LENGTH, 255, 255, 255, 255),
  ),
  'malformed-passphrase-and-key': async (name) => {
    const secret = new Uint8Array(32).fill(9);
    const recipients = [x25519Recipient(x25519PublicKey(secret)), passphraseRecipient('correct horse', { logN: 14 })];
    const parts = await fileParts(contentOf(20), { recipients });
    const comment = 'a passphrase that does not stand alone';
    const bytes = frame(headerOf(parts), parts.payload);
    return { name, expect: 'malformed', comment, key: ['x25519-secret', bare(secret)], file: bytes };
  },
  'malformed-two-passphrases': async (name) => {
    const recipients = ['correct horse', 'battery staple'].map((one) => passphraseRecipient(one, { logN: 14 }));
    const parts = await fileParts(contentOf(20), { recipients });
    const comment = 'two passphrases';
    const bytes = frame(headerOf(parts), parts.payload);
    return { name, expect: 'malformed', comment, key: ['passphrase', 'correct horse'], file: bytes };
  },
  'malformed-work-0': work(0),
  'malformed-work-13': work(13),
  'malformed-work-19': work(19),
  'malformed-work-255': work(255),
  'malformed-record-version': recordAt('another version of a record’s header', 4, 2),
  'malformed-record-suite': recordAt('an unknown suite of a record', 5, 2),
  'malformed-record-level-0': recordAt('a level below the lowest', LEVEL, 0),
  'malformed-record-level-4': recordAt('a level above the highest', LEVEL, 4),
  'malformed-record-locator': recordAt('a locator that is not UTF-8', LOCATOR + 4, 0xff),
  'malformed-record-locator-long': record('a locator of 1025 bytes', 'umbral', ({ header: parsed, dataKey }) => {
    const bytes = encodeHeader({ ...parsed, blob: { ...parsed.blob, locator: 'x'.repeat(1024) } }, dataKey);
    const long = concat(bytes.slice(0, LOCATOR + 4), Uint8Array.of(0x78), bytes.slice(LOCATOR + 4));
    return patched(long, LOCATOR, ...byteWriter().u32(1025, 'length').done());
  }),
  'malformed-record-ticket-missing': recordWith('no ticket, and the author is not the owner', 'umbral', {
    ticket: undefined,
  }),
  'malformed-record-inbox-ticket': recordWith('a ticket in the inbox', 'inbox', { ticket: new Uint8Array(10) }),
  'malformed-record-inbox-compartment': recordWith('the inbox in a compartment', 'inbox', {
    compartment: `0x${'c0'.repeat(32)}`,
  }),
  'malformed-record-inbox-epoch': recordWith('the inbox in an epoch', 'inbox', { epoch: 1 }),
  'malformed-record-author-alone': recordWith('a stanza for the author only', 'umbral', { stanzas: [author] }),
  'malformed-record-order': record('stanzas in another order', 'author', ({ header: parsed, dataKey }) => {
    const [umbral, ...others] = parsed.stanzas;
    return encodeHeader({ ...parsed, stanzas: [others[0] ?? umbral, umbral] }, dataKey);
  }),
  'malformed-record-x25519': record(
    'a stanza of a file in the header of a record',
    'umbral',
    ({ header: parsed, dataKey }) =>
      encodeHeader({ ...parsed, stanzas: [...parsed.stanzas, { type: 4, bytes: new Uint8Array(80) }] }, dataKey),
  ),
};
