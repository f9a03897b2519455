import { concat, decodeEntry, encodeEntry, type Hex } from '@medseal/protocol';
import { sha256 } from '@noble/hashes/sha2.js';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { type ByteReader, readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';
import type { LedgerEntry } from '../ports/ledger.ts';

/** A record list as it lies in the directory: sealed to whoever may know it. */
export interface SealedList {
  readonly scope: Hex;
  readonly sealed: Uint8Array;
}

/** What a view saves, one by one in the order in which it came: entries of the log, and lists learnt beside it. */
export type SavedRow = { readonly entry: LedgerEntry } | { readonly list: SealedList };

const OBJECT = 'saved row';
const kinds = { entry: 1, list: 2 } as const;
const MAX_CURSOR = 1024;
const MAX_BYTES = 65_536;

/** Kind, cursor, then the entry's canonical bytes. */
export function encodeSavedEntry(entry: LedgerEntry): Uint8Array {
  return byteWriter()
    .u8(kinds.entry, 'kind')
    .utf8(entry.cursor, MAX_CURSOR, 'cursor')
    .bytes(encodeEntry(entry), MAX_BYTES, 'entry')
    .done();
}

/** Kind, scope, then what is sealed. */
export function encodeSavedList({ scope, sealed }: SealedList): Uint8Array {
  return byteWriter().u8(kinds.list, 'kind').hex(scope, 32, 'scope').bytes(sealed, MAX_BYTES, 'list').done();
}

/** @throws MalformedObjectError */
export function decodeSavedRow(bytes: Uint8Array): SavedRow {
  return readObject(bytes, OBJECT, (next) => {
    const kind = next.u8('kind');
    next.require(kind === kinds.entry || kind === kinds.list, 'kind', 'is unknown');
    if (kind === kinds.entry) return { entry: readEntry(next) };
    return { list: { scope: next.hex(32, 'scope'), sealed: next.bytes(MAX_BYTES, 'list') } };
  });
}

/** Adds a row to the running digest of what is in no log digest: cursors, the ledger's own affair, and lists. */
export function extendBeside(beside: Uint8Array, row: SavedRow): Uint8Array {
  if ('entry' in row) return sha256(concat(beside, new TextEncoder().encode(row.entry.cursor)));
  // No text in UTF-8 begins so.
  return sha256(concat(beside, Uint8Array.of(0xff), encodeSavedList(row.list)));
}

function readEntry(next: ByteReader): LedgerEntry {
  const cursor = next.utf8(MAX_CURSOR, 'cursor');
  const body = next.bytes(MAX_BYTES, 'entry');
  try {
    return { cursor, ...decodeEntry(body) };
  } catch (cause) {
    throw new MalformedObjectError(OBJECT, 'entry', 'is not valid', { cause });
  }
}
