import { checksum, sha256 } from '../database/checksum.ts';
import { KEY } from '../database/block.ts';
import { SEQ } from '../database/seq-bytes.ts';
import { WORD } from '../database/tables.ts';
import { LedgerCorruptError } from '../errors.ts';
import { type KeyName, writeName } from './key-name.ts';

/** What a commit adds to the tables that follow behind the log. */
export interface CommitChanges {
  /** Entries of the log before this commit. */
  readonly from: number;
  /** Entries whose changes are carried over, so that their commits are gone. */
  readonly carried: number;
  /** Where commands stand first. */
  readonly ids: ReadonlyMap<KeyName, number>;
  /** Objects of state as they are now. */
  readonly state: ReadonlyMap<KeyName, Uint8Array>;
}

/** What an empty log begins with. */
export const noChanges: CommitChanges = { from: 0, carried: 0, ids: new Map(), state: new Map() };

const SUM = 16;
const COUNT = 4;
const HEAD = SUM + SEQ + SEQ + COUNT;
const TAG = sha256('commits');

/** Checksum (16) ‖ from (6) ‖ carried (6) ‖ number of ids (4) ‖ ids: key (32), entry (6) ‖ state: key (32), word (32). */
export function encodeChanges(size: number, { from, carried, ids, state }: CommitChanges): Uint8Array {
  const bytes = Buffer.alloc(HEAD + ids.size * (KEY + SEQ) + state.size * (KEY + WORD));
  bytes.writeUIntBE(from, SUM, SEQ);
  bytes.writeUIntBE(carried, SUM + SEQ, SEQ);
  bytes.writeUInt32BE(ids.size, SUM + SEQ + SEQ);
  let at = HEAD;
  for (const [name, seq] of ids) {
    writeName(name, bytes, at);
    at = bytes.writeUIntBE(seq, at + KEY, SEQ);
  }
  for (const [name, word] of state) {
    writeName(name, bytes, at);
    bytes.set(word, at + KEY);
    at += KEY + WORD;
  }
  bytes.set(sumOf(size, bytes.subarray(SUM)));
  return bytes;
}

/** @throws LedgerCorruptError when these are not the changes of the commit that led to `size`. */
export function decodeChanges(size: number, stored: Uint8Array): CommitChanges {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.length);
  if (bytes.length < HEAD || bytes.compare(sumOf(size, bytes.subarray(SUM)), 0, SUM, 0, SUM) !== 0)
    throw new LedgerCorruptError('the changes of a commit are not what was written', {
      seq: size > 0 ? size - 1 : undefined,
    });
  const state = HEAD + bytes.readUInt32BE(SUM + SEQ + SEQ) * (KEY + SEQ);
  return {
    from: bytes.readUIntBE(SUM, SEQ),
    carried: bytes.readUIntBE(SUM + SEQ, SEQ),
    ids: new Map(records(bytes, [HEAD, state], SEQ, (at) => bytes.readUIntBE(at, SEQ))),
    // Copies: they are held for long, and the blob need not be.
    state: new Map(records(bytes, [state, bytes.length], WORD, (at) => Uint8Array.from(bytes.subarray(at, at + WORD)))),
  };
}

function* records<V>(
  bytes: Buffer,
  [start, end]: readonly [number, number],
  width: number,
  read: (at: number) => V,
): Generator<readonly [KeyName, V]> {
  for (let at = start; at < end; at += KEY + width) yield [bytes.toString('latin1', at, at + KEY), read(at + KEY)];
}

function sumOf(size: number, bytes: Uint8Array): Uint8Array {
  const place = Buffer.alloc(SEQ);
  place.writeUIntBE(size, 0, SEQ);
  return checksum(TAG, place, bytes);
}
