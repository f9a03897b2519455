import type { Domain } from '@medseal/protocol';
import { readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import { hmac } from '../lib/kdf.ts';
import type { Voucher } from './vouchers.ts';

/** A place in a log: how many entries, and the log digest behind them. */
export interface LogPlace {
  readonly length: number;
  readonly digest: Uint8Array;
}

/** What a view has saved. */
export interface SavedPlace extends LogPlace {
  /** How many rows the store holds: entries, and record lists. */
  readonly rows: number;
  /** Running digest of what is in no log digest. */
  readonly beside: Uint8Array;
  /** One a signer. Empty where the reader has checked all signatures itself. */
  readonly vouchers: readonly Voucher[];
}

const VERSION = 2;
const DIGEST = 32;

/** version ‖ domain ‖ length ‖ digest ‖ rows ‖ beside ‖ vouchers ‖ HMAC-SHA-256 under the reader's key, empty without one. */
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
      rows: next.u48('number of rows'),
      beside: next.fixed(DIGEST, 'digest beside'),
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

function placeBytes(domain: Domain, { length, digest, rows, beside, vouchers }: SavedPlace): Uint8Array {
  const out = byteWriter()
    .u8(VERSION, 'version')
    .hex(domain, 32, 'domain')
    .u48(length, 'length')
    .fixed(digest, DIGEST, 'digest')
    .u48(rows, 'number of rows')
    .fixed(beside, DIGEST, 'digest beside')
    .u16(vouchers.length, 'number of vouchers');
  for (const voucher of vouchers) out.hex(voucher.signer, 20, 'signer').u48(voucher.length, 'length vouched for');
  return out.done();
}

function seal(place: Uint8Array, key: Uint8Array | undefined): Uint8Array {
  return key === undefined ? new Uint8Array() : hmac(key, place);
}
