import { type Address, concat, type Domain, type Hex, type Level, recordId } from '@medseal/protocol';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { type ByteReader, readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';
import { sha256Hex } from '../lib/digest.ts';
import type { BlobRef } from '../ports/store.ts';
import { AUTHOR_STANZA } from '../recipients/author-stanza.ts';
import { INBOX_STANZA } from '../recipients/inbox-stanza.ts';
import { RECEIVING_KEY_STANZA_BYTES } from '../recipients/receiving-key-stanza.ts';
import { readStanzas, type Stanzas, writeStanzas } from '../recipients/stanza.ts';
import { UMBRAL_STANZA, UMBRAL_STANZA_BYTES } from '../recipients/umbral-stanza.ts';
import { headerMac, MAC_BYTES, verifyMac } from './header-mac.ts';
import { NO_COMPARTMENT, NO_EPOCH } from './inbox.ts';
import { METADATA_BYTES } from './padded-box.ts';

const MAGIC = 0x4d534c48;
const VERSION = 1;
/** Suite 1: AES-256-GCM in 64 KiB chunks, HKDF and HMAC over SHA-256, Umbral on secp256k1. */
const SUITE = 1;
const MAC_LABEL = 'medseal header mac v1';
const MAX_LOCATOR = 1024;
const MAX_TICKET = 1024;

const STANZA_BYTES: ReadonlyMap<number, number> = new Map([
  [UMBRAL_STANZA, UMBRAL_STANZA_BYTES],
  [AUTHOR_STANZA, RECEIVING_KEY_STANZA_BYTES],
  [INBOX_STANZA, RECEIVING_KEY_STANZA_BYTES],
]);

// Which stanzas stand together, in this order.
const UMBRAL = `${UMBRAL_STANZA}`;
const UMBRAL_AND_AUTHOR = `${UMBRAL_STANZA},${AUTHOR_STANZA}`;
const INBOX = `${INBOX_STANZA}`;

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
  /** The patient's deposit ticket as it was issued, unchecked; only her own records, and her inbox's, lack it. */
  readonly ticket: Uint8Array | undefined;
  /** Encrypted under the data key. */
  readonly metadata: Uint8Array;
  /** Umbral; Umbral and author; or inbox. */
  readonly stanzas: Stanzas;
}

/** What is written: the record id follows from the rest, and the payload's digest stands in `blob`. */
export type HeaderParts = Omit<Header, 'suite' | 'recordId' | 'payloadDigest'>;

/**
 * Canonical bytes of a header, HMAC-SHA-256 under HKDF(data key) at the end.
 *
 * @throws RangeError when a value does not fit its field.
 */
export function encodeHeader(parts: HeaderParts, dataKey: Uint8Array): Uint8Array {
  const out = byteWriter()
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
    .fixed(parts.metadata, METADATA_BYTES, 'metadata');
  const body = writeStanzas(parts.stanzas, out).done();
  return concat(body, headerMac(body, dataKey, MAC_LABEL));
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
 * Checks that whoever made the header knew this data key.
 *
 * @throws DecryptionError
 */
export function verifyHeaderMac(bytes: Uint8Array, dataKey: Uint8Array): void {
  verifyMac(bytes, dataKey, MAC_LABEL);
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
  const metadata = next.fixed(METADATA_BYTES, 'metadata');
  const blob = { digest, size, locator };
  const stanzas = readStanzas(next, STANZA_BYTES);
  const parts = {
    domain,
    owner,
    author,
    compartment,
    epoch,
    level,
    salt,
    payloadSalt,
    blob,
    ticket,
    metadata,
    stanzas,
  };
  const fault = faultOf(parts);
  if (fault !== undefined) next.require(false, ...fault);
  return parts;
}

/** The first rule between fields that does not hold. */
function faultOf(parts: HeaderParts): readonly [field: string, what: string] | undefined {
  const { owner, author, ticket, compartment, epoch } = parts;
  const types = parts.stanzas.map(({ type }) => type).join();
  if (types === INBOX) {
    if (ticket !== undefined) return ['ticket', 'does not belong in an inbox'];
    return compartment === NO_COMPARTMENT && epoch === NO_EPOCH ? undefined : ['compartment', 'is not the inbox'];
  }
  if (types !== UMBRAL && types !== UMBRAL_AND_AUTHOR) return ['stanzas', 'may not stand together'];
  if (ticket === undefined && (author !== owner || types === UMBRAL_AND_AUTHOR)) return ['ticket', 'is missing'];
  return undefined;
}
