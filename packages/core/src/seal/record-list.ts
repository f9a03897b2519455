import { concat, fromHex, type Hex, toHex } from '@medseal/protocol';
import { readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';
import { leafHash, nodeHash } from '../tlog/tree-hash.ts';
import type { HashReader } from '../tlog/hash-reader.ts';
import { treeRoot } from '../tlog/tree-root.ts';

/** Records that a grant covers one by one. Travels off the ledger, which has only the {@link listScope}. */
export interface RecordList {
  /** 32 random bytes: without them who reads the ledger could try out lists of its record ids. */
  readonly salt: Uint8Array;
  /** Record ids, ascending without repeats. */
  readonly records: readonly Hex[];
}

const OBJECT = 'record list';
const VERSION = 1;

/** Most records on one list. */
export const MAX_LISTED = 1000;
/** Length of the longest list, in bytes. */
export const MAX_LIST_BYTES: number = 1 + 32 + 2 + 32 * MAX_LISTED;

/** @throws RangeError unless there are 1 to 1000 ids, ascending without repeats, and a salt of 32 bytes. */
export function encodeRecordList({ salt, records }: RecordList): Uint8Array {
  if (!isCount(records.length)) throw new RangeError(`A list has 1 to ${MAX_LISTED} records`);
  if (!ascends(records)) throw new RangeError('The records of a list ascend without repeats');
  const out = byteWriter().u8(VERSION, 'version').fixed(salt, 32, 'salt').u16(records.length, 'number of records');
  for (const id of records) out.hex(id, 32, 'record');
  return out.done();
}

/** @throws MalformedObjectError */
export function parseRecordList(bytes: Uint8Array): RecordList {
  return readObject(bytes, OBJECT, (next) => {
    next.require(next.u8('version') === VERSION, 'version', 'is unknown');
    const salt = next.fixed(32, 'salt');
    const count = next.u16('number of records');
    next.require(isCount(count), 'number of records', 'is out of range');
    const records = Array.from({ length: count }, () => next.hex(32, 'record'));
    next.require(ascends(records), 'records', 'do not ascend without repeats');
    return { salt, records };
  });
}

/** What `grantAccess` carries: root of the RFC 9162 Merkle tree whose leaves are salt ‖ id, in the order of the list. */
export function listScope({ salt, records }: RecordList): Hex {
  const leaves = records.map((id) => leafHash(concat(salt, fromHex(id))));
  const read: HashReader = (level, index) =>
    level === 0
      ? (leaves[index] ?? new Uint8Array())
      : nodeHash(read(level - 1, 2 * index), read(level - 1, 2 * index + 1));
  return toHex(treeRoot(leaves.length, read));
}

function isCount(count: number): boolean {
  return count >= 1 && count <= MAX_LISTED;
}

/** Hex in lower case sorts as its bytes do. */
function ascends(records: readonly Hex[]): boolean {
  return records.every((id, index) => {
    const before = records[index - 1];
    return before === undefined || before < id;
  });
}
