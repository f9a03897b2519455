import { concat, decodeEntry, type Domain, encodeEntry } from '@medseal/protocol';
import { sha256 } from '@noble/hashes/sha2.js';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import { hmac } from '../lib/kdf.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import type { Voucher } from './vouchers.ts';

/** A place in a log: how many entries, and the log digest behind them. */
export interface LogPlace {
  readonly length: number;
  readonly digest: Uint8Array;
}

/** What a view has saved. */
export interface SavedPlace extends LogPlace {
  /** Running digest of the cursors, which are the ledger's own affair and in no log digest. */
  readonly cursors: Uint8Array;
  /** One a signer. Empty where the reader has checked all signatures itself. */
  readonly vouchers: readonly Voucher[];
}

const VERSION = 2;
const DIGEST = 32;
const MAX_CURSOR = 1024;
const MAX_ENTRY = 65_536;

/** Cursor, then the entry's canonical bytes. */
export function encodeSavedEntry(entry: LedgerEntry): Uint8Array {
  return byteWriter().utf8(entry.cursor, MAX_CURSOR, 'cursor').bytes(encodeEntry(entry), MAX_ENTRY, 'entry').done();
}

/** @throws MalformedObjectError */
export function decodeSavedEntry(bytes: Uint8Array): LedgerEntry {
  return readObject(bytes, 'saved entry', (next) => {
    const cursor = next.utf8(MAX_CURSOR, 'cursor');
    const body = next.bytes(MAX_ENTRY, 'entry');
    try {
      return { cursor, ...decodeEntry(body) };
    } catch (cause) {
      throw new MalformedObjectError('saved entry', 'entry', 'is not valid', { cause });
    }
  });
}

export function extendCursors(cursors: Uint8Array, { cursor }: LedgerEntry): Uint8Array {
  return sha256(concat(cursors, new TextEncoder().encode(cursor)));
}

/** version ‖ domain ‖ length ‖ digest ‖ cursors ‖ vouchers ‖ HMAC-SHA-256 under the reader's key, empty without one. */
export function encodeCheckpoint(domain: Domain, saved: SavedPlace, key: Uint8Array | undefined): Uint8Array {
  const place = placeBytes(domain, saved);
  return byteWriter().fixed(place, place.length, 'place').bytes(seal(place, key), DIGEST, 'authenticator').done();
}

/** @throws MalformedObjectError, also where the authenticator is not the key's. */
export function parseCheckpoint(
  bytes: Uint8Array,
  key: Uint8Array | undefined,
): SavedPlace & { readonly domain: Domain } {
  return readObject(bytes, 'checkpoint', (next) => {
    next.require(next.u8('version') === VERSION, 'version', 'is unknown');
    const place = {
      domain: next.hex(32, 'domain'),
      length: next.u48('length'),
      digest: next.fixed(DIGEST, 'digest'),
      cursors: next.fixed(DIGEST, 'cursors'),
      vouchers: Array.from({ length: next.u16('number of vouchers') }, () => ({
        signer: next.hex(20, 'signer'),
        length: next.u48('length vouched for'),
      })),
    };
    const authenticator = next.bytes(DIGEST, 'authenticator');
    const good = equalBytes(authenticator, seal(placeBytes(place.domain, place), key));
    next.require(good, 'authenticator', 'does not fit');
    return place;
  });
}

function placeBytes(domain: Domain, { length, digest, cursors, vouchers }: SavedPlace): Uint8Array {
  const out = byteWriter()
    .u8(VERSION, 'version')
    .hex(domain, 32, 'domain')
    .u48(length, 'length')
    .fixed(digest, DIGEST, 'digest')
    .fixed(cursors, DIGEST, 'cursors')
    .u16(vouchers.length, 'number of vouchers');
  for (const voucher of vouchers) out.hex(voucher.signer, 20, 'signer').u48(voucher.length, 'length vouched for');
  return out.done();
}

function seal(place: Uint8Array, key: Uint8Array | undefined): Uint8Array {
  return key === undefined ? new Uint8Array() : hmac(key, place);
}
