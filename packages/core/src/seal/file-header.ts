import { concat } from '@medseal/protocol';
import { type ByteReader, readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';
import { hasBoundedWork, PASSPHRASE_STANZA, PASSPHRASE_STANZA_BYTES } from '../recipients/passphrase-stanza.ts';
import { readStanzas, type Stanzas, writeStanzas } from '../recipients/stanza.ts';
import { X25519_STANZA, X25519_STANZA_BYTES } from '../recipients/x25519-stanza.ts';
import { headerMac, MAC_BYTES } from './header-mac.ts';
import { METADATA_BYTES } from './padded-box.ts';

/** First four bytes of the header of a file that belongs to no ledger. */
export const FILE_HEADER_MAGIC = 0x4d534648;
const VERSION = 1;
/** As in the headers of records. */
const SUITE = 1;

/** Label of the key of the header's HMAC. */
export const FILE_MAC_LABEL = 'medseal file header mac v1';

/** More people than that are better served by records and grants. */
export const MAX_FILE_RECIPIENTS = 16;

/** What stands before the payload of a file for X25519 keys or a passphrase. */
export interface FileHeader {
  readonly suite: 1;
  /** 32 bytes: from it and the data key comes the payload's key. Stanzas are bound to it. */
  readonly payloadSalt: Uint8Array;
  /** Encrypted under the data key. */
  readonly metadata: Uint8Array;
  /** One to a passphrase, or one to sixteen to X25519 keys. */
  readonly stanzas: Stanzas;
}

const STANZA_BYTES: ReadonlyMap<number, number> = new Map([
  [X25519_STANZA, X25519_STANZA_BYTES],
  [PASSPHRASE_STANZA, PASSPHRASE_STANZA_BYTES],
]);

/** Canonical bytes of a file's header, HMAC-SHA-256 under HKDF(data key) at the end. */
export function encodeFileHeader(header: Omit<FileHeader, 'suite'>, dataKey: Uint8Array): Uint8Array {
  const out = byteWriter()
    .u32(FILE_HEADER_MAGIC, 'magic')
    .u8(VERSION, 'version')
    .u8(SUITE, 'suite')
    .fixed(header.payloadSalt, 32, 'payloadSalt')
    .fixed(header.metadata, METADATA_BYTES, 'metadata');
  const body = writeStanzas(header.stanzas, out).done();
  return concat(body, headerMac(body, dataKey, FILE_MAC_LABEL));
}

/**
 * Reads a file's header strictly. It proves nothing: the HMAC does.
 *
 * @throws MalformedObjectError, also for a passphrase whose work factor is out of bounds
 */
export function parseFileHeader(bytes: Uint8Array): FileHeader {
  return readObject(bytes, 'file header', (next) => {
    next.require(next.u32('magic') === FILE_HEADER_MAGIC, 'magic', 'is unknown');
    next.require(next.u8('version') === VERSION, 'version', 'is unknown');
    next.require(next.u8('suite') === SUITE, 'suite', 'is unknown');
    const payloadSalt = next.fixed(32, 'payloadSalt');
    const metadata = next.fixed(METADATA_BYTES, 'metadata');
    const stanzas = readStanzas(next, STANZA_BYTES);
    requireTogether(stanzas, next);
    next.fixed(MAC_BYTES, 'mac');
    return { suite: SUITE, payloadSalt, metadata, stanzas };
  });
}

/** A passphrase stands alone, so that opening with it says who sealed: somebody who knew it. */
function requireTogether(stanzas: Stanzas, next: ByteReader): void {
  const [first] = stanzas;
  const alone = first.type === PASSPHRASE_STANZA && stanzas.length === 1;
  const keys = stanzas.length <= MAX_FILE_RECIPIENTS && stanzas.every(({ type }) => type === X25519_STANZA);
  next.require(alone || keys, 'stanzas', 'may not stand together');
  next.require(!alone || hasBoundedWork(first), 'logN', 'is out of bounds');
}
