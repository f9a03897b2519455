import { type Address, concat, type Domain, type Hex, type Level, recordId } from '@medseal/protocol';
import { DecryptionError } from '../errors/decryption-error.ts';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { type ByteReader, readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';
import { sha256Hex } from '../lib/digest.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import { deriveKey, hmac } from '../lib/kdf.ts';
import { wipe } from '../lib/wipe.ts';
import type { BlobRef } from '../ports/store.ts';
import { type Stanza, UMBRAL_STANZA, UMBRAL_STANZA_BYTES } from '../recipients/umbral-stanza.ts';
import { METADATA_BYTES } from './metadata.ts';

const MAGIC = 0x4d534c48;
const VERSION = 1;
/** Suite 1: AES-256-GCM in 64 KiB chunks, HKDF and HMAC over SHA-256, exactly one Umbral stanza. */
const SUITE = 1;
const MAC_BYTES = 32;
const MAX_LOCATOR = 1024;
const MAX_TICKET = 1024;

/** No header is longer. */
export const MAX_HEADER_BYTES = 4096;

/** What must be known to open a record, and to check who may. Small; its digest is anchored on the ledger. */
export interface Header {
  readonly suite: 1;
  readonly domain: Domain;
  /** Derived from the fields below, as the ledger's readers derive it from the anchor. */
  readonly recordId: Hex;
  readonly owner: Address;
  readonly author: Address;
  /** Compartment tag. */
  readonly compartment: Hex;
  readonly epoch: number;
  readonly level: Level;
  /** SHA-256 of the payload. */
  readonly payloadDigest: Hex;
  /** Makes the record id unique. */
  readonly salt: Hex;
  /** 32 bytes: from it and the data key comes the payload's key. */
  readonly payloadSalt: Uint8Array;
  /** Where the payload lies; its digest is `payloadDigest`. */
  readonly blob: BlobRef;
  /** The patient's deposit ticket as it was issued, unchecked; only her own records may lack it. */
  readonly ticket: Uint8Array | undefined;
  /** Encrypted under the data key. */
  readonly metadata: Uint8Array;
  readonly stanzas: readonly [Stanza];
}

/** What is written: the record id follows from the rest, and the payload's digest stands in `blob`. */
export type HeaderParts = Omit<Header, 'suite' | 'recordId' | 'payloadDigest'>;

/**
 * Canonical bytes of a header, HMAC-SHA-256 under HKDF(data key) at the end.
 *
 * @throws RangeError when a value does not fit its field.
 */
export function encodeHeader(parts: HeaderParts, dataKey: Uint8Array): Uint8Array {
  const [stanza] = parts.stanzas;
  const body = byteWriter()
    .u32(MAGIC, 'magic')
    .u8(VERSION, 'version')
    .u8(SUITE, 'suite')
    .hex(parts.domain, 32, 'domain')
    .hex(parts.owner, 20, 'owner')
    .hex(parts.author, 20, 'author')
    .hex(parts.compartment, 32, 'compartment')
    .u32(parts.epoch, 'epoch')
    .level(parts.level, 'level')
    .hex(parts.blob.digest, 32, 'payloadDigest')
    .hex(parts.salt, 32, 'salt')
    .fixed(parts.payloadSalt, 32, 'payloadSalt')
    .u48(parts.blob.size, 'payload size')
    .utf8(parts.blob.locator, MAX_LOCATOR, 'locator')
    .bytes(parts.ticket ?? new Uint8Array(), MAX_TICKET, 'ticket')
    .fixed(parts.metadata, METADATA_BYTES, 'metadata')
    .u8(parts.stanzas.length, 'number of stanzas')
    .u8(stanza.type, 'stanza type')
    .bytes(stanza.bytes, UMBRAL_STANZA_BYTES, 'stanza')
    .done();
  return concat(body, headerMac(body, dataKey));
}

/**
 * Reads a header strictly. It proves nothing: the digest on the ledger, the ticket, the stanza and the HMAC do.
 *
 * @throws MalformedObjectError
 */
export function parseHeader(bytes: Uint8Array): Header {
  if (bytes.length > MAX_HEADER_BYTES)
    throw new MalformedObjectError('header', 'length', `is above ${MAX_HEADER_BYTES} bytes`);
  const parts = readObject(bytes, 'header', (next) => {
    next.require(next.u32('magic') === MAGIC, 'magic', 'is unknown');
    next.require(next.u8('version') === VERSION, 'version', 'is unknown');
    next.require(next.u8('suite') === SUITE, 'suite', 'is unknown');
    const read = readParts(next);
    next.fixed(MAC_BYTES, 'mac');
    return read;
  });
  const payloadDigest = parts.blob.digest;
  return { suite: SUITE, payloadDigest, recordId: recordId({ ...parts, payloadDigest }), ...parts };
}

/** What the ledger anchors: SHA-256 of all bytes of the header. */
export function headerDigest(bytes: Uint8Array): Hex {
  return sha256Hex(bytes);
}

/**
 * Checks that whoever made the header knew this data key. AES-GCM alone does not commit to its key; this does.
 *
 * @throws DecryptionError
 */
export function verifyHeaderMac(bytes: Uint8Array, dataKey: Uint8Array): void {
  const end = Math.max(0, bytes.length - MAC_BYTES);
  if (!equalBytes(bytes.slice(end), headerMac(bytes.slice(0, end), dataKey))) throw new DecryptionError();
}

function readParts(next: ByteReader): HeaderParts {
  const domain = next.hex(32, 'domain');
  const owner = next.hex(20, 'owner');
  const author = next.hex(20, 'author');
  const compartment = next.hex(32, 'compartment');
  const epoch = next.u32('epoch');
  const level = next.level('level');
  const digest = next.hex(32, 'payloadDigest');
  const salt = next.hex(32, 'salt');
  const payloadSalt = next.fixed(32, 'payloadSalt');
  const size = next.u48('payload size');
  const locator = next.utf8(MAX_LOCATOR, 'locator');
  const ticketBytes = next.bytes(MAX_TICKET, 'ticket');
  const ticket = ticketBytes.length === 0 ? undefined : ticketBytes;
  next.require(ticket !== undefined || author === owner, 'ticket', 'is missing');
  const metadata = next.fixed(METADATA_BYTES, 'metadata');
  const blob = { digest, size, locator };
  const stanzas = readStanzas(next);
  return { domain, owner, author, compartment, epoch, level, salt, payloadSalt, blob, ticket, metadata, stanzas };
}

function readStanzas(next: ByteReader): readonly [Stanza] {
  next.require(next.u8('number of stanzas') === 1, 'number of stanzas', 'is not 1');
  const type = next.u8('stanza type');
  next.require(type === UMBRAL_STANZA, 'stanza type', 'is not that of the suite');
  const bytes = next.bytes(UMBRAL_STANZA_BYTES, 'stanza');
  next.require(bytes.length === UMBRAL_STANZA_BYTES, 'stanza', 'is cut short');
  return [{ type, bytes }];
}

function headerMac(body: Uint8Array, dataKey: Uint8Array): Uint8Array {
  const key = deriveKey(dataKey, 'medseal header mac v1');
  const mac = hmac(key, body);
  wipe(key);
  return mac;
}
