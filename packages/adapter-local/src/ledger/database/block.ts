/** Bytes of a key. */
export const KEY = 32;
/** Bytes at the start of a key by which blocks are found: they fit into an integer of SQLite and of JavaScript. */
const PREFIX = 6;
/** Greatest prefix. */
export const LAST: number = 2 ** (8 * PREFIX) - 1;
/** Most bytes of records in a block, so that with what SQLite adds it stays within a page of 4 KiB. */
const MOST = 3_960;

/** A record to be put into a table, in place of the one that its key has. */
export interface Change {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** All records whose keys begin with `low` to `last`: keys and values, one behind the other, in the order of the keys. */
export interface Block {
  readonly low: number;
  readonly last: number;
  readonly records: Buffer;
}

export function prefixOf(key: Uint8Array): number {
  return bufferOf(key).readUIntBE(0, PREFIX);
}

/** The value of a key, of `width` bytes. */
export function findRecord({ records }: Block, key: Uint8Array, width: number): Buffer | undefined {
  const size = KEY + width;
  const word = bufferOf(key).readUInt32BE();
  let [from, to] = [0, records.length / size];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const start = middle * size;
    // The first bytes of digests differ, and need no call into the engine.
    const order = records.readUInt32BE(start) - word || records.compare(key, 0, KEY, start, start + KEY);
    if (order === 0) return records.subarray(start + KEY, start + size);
    if (order < 0) from = middle + 1;
    else to = middle;
  }
  return undefined;
}

/** A block with these changes, which belong to it and are in the order of their keys: several blocks when it is full. */
export function changeBlock(block: Block, changes: readonly Change[], width: number): readonly Block[] {
  return cut({ ...block, records: mergeRecords(block.records, changes, KEY + width) }, KEY + width);
}

function mergeRecords(records: Buffer, changes: readonly Change[], size: number): Buffer {
  const parts: Uint8Array[] = [];
  let copied = 0;
  for (const { key, value } of changes) {
    let at = copied;
    while (at < records.length && records.compare(key, 0, KEY, at, at + KEY) < 0) at += size;
    parts.push(records.subarray(copied, at), key, value);
    const replaced = at < records.length && records.compare(key, 0, KEY, at, at + KEY) === 0;
    copied = replaced ? at + size : at;
  }
  return Buffer.concat([...parts, records.subarray(copied)]);
}

/** Into parts of one size, of two thirds at most, so that each has room. */
function cut({ low, last, records }: Block, size: number): readonly Block[] {
  if (records.length <= MOST) return [{ low, last, records }];
  const parts = Math.ceil(records.length / ((MOST * 2) / 3));
  const each = Math.ceil(records.length / size / parts) * size;
  const blocks: Block[] = [];
  let [start, from] = [0, low];
  for (let end = each; end < records.length; end += each) {
    const next = prefixOf(records.subarray(end, end + KEY));
    // Keys with one prefix stay together.
    if (next === prefixOf(records.subarray(end - size, end))) continue;
    blocks.push({ low: from, last: next - 1, records: records.subarray(start, end) });
    [start, from] = [end, next];
  }
  return [...blocks, { low: from, last, records: records.subarray(start) }];
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
