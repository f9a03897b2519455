import { checksum, sha256 } from '../database/checksum.ts';
import { KEY } from '../database/block.ts';
import { SEQ, WORD } from '../database/tables.ts';
import { LedgerCorruptError } from '../errors.ts';
import { type KeyName, keyOf } from './key-name.ts';

/** What a commit adds to the tables that follow behind the log. */
export interface CommitChanges {
  /** Entries of the log before this commit. */
  readonly from: number;
  /** Entries whose changes are carried over, so that their commits are gone. */
  readonly carried: number;
  /** Where commands stand first. */
  readonly ids: Iterable<readonly [KeyName, number]>;
  /** Objects of state as they are now. */
  readonly state: Iterable<readonly [KeyName, Uint8Array]>;
}

const SUM = 16;
const COUNT = 4;
const HEAD = SUM + SEQ + SEQ + COUNT;
const TAG = sha256('commits');

/** Checksum (16) ‖ from (6) ‖ carried (6) ‖ number of ids (4) ‖ ids: key (32), entry (6) ‖ state: key (32), word (32). */
export function encodeChanges(size: number, { from, carried, ids, state }: CommitChanges): Uint8Array {
  const head = Buffer.alloc(HEAD);
  const parts: Uint8Array[] = [head];
  let count = 0;
  for (const [name, seq] of ids) {
    const record = Buffer.allocUnsafe(KEY + SEQ);
    record.write(name, 'latin1');
    record.writeUIntBE(seq, KEY, SEQ);
    parts.push(record);
    count++;
  }
  for (const [name, word] of state) parts.push(keyOf(name), word);
  head.writeUIntBE(from, SUM, SEQ);
  head.writeUIntBE(carried, SUM + SEQ, SEQ);
  head.writeUInt32BE(count, SUM + SEQ + SEQ);
  const bytes = Buffer.concat(parts);
  bytes.set(sumOf(size, bytes.subarray(SUM)));
  return bytes;
}

/** @throws LedgerCorruptError when these are not the changes of the commit that led to `size`. */
export function decodeChanges(size: number, stored: Uint8Array): CommitChanges {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.length);
  if (bytes.length < HEAD || bytes.compare(sumOf(size, bytes.subarray(SUM)), 0, SUM, 0, SUM) !== 0)
    throw new LedgerCorruptError('the changes of a commit are not what was written', { seq: size });
  const state = HEAD + bytes.readUInt32BE(SUM + SEQ + SEQ) * (KEY + SEQ);
  return {
    from: bytes.readUIntBE(SUM, SEQ),
    carried: bytes.readUIntBE(SUM + SEQ, SEQ),
    ids: [...records(bytes, HEAD, state, SEQ)].map(([name, at]) => [name, bytes.readUIntBE(at, SEQ)]),
    // Copies: they are held for long, and the blob need not be.
    state: [...records(bytes, state, bytes.length, WORD)].map(([name, at]) => [
      name,
      Uint8Array.from(bytes.subarray(at, at + WORD)),
    ]),
  };
}

/** Names of the records, and where their values begin. */
function* records(
  bytes: Buffer,
  start: number,
  end: number,
  width: number,
): Generator<readonly [name: KeyName, value: number]> {
  for (let at = start; at < end; at += KEY + width) yield [bytes.toString('latin1', at, at + KEY), at + KEY];
}

function sumOf(size: number, bytes: Uint8Array): Uint8Array {
  const place = Buffer.alloc(SEQ);
  place.writeUIntBE(size, 0, SEQ);
  return checksum(TAG, place, bytes);
}
