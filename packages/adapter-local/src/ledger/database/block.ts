/** Bytes of a key. */
export const KEY = 32;
/** Bytes at the start of a key by which blocks are found: they fit into an integer of SQLite and of JavaScript. */
const PREFIX = 6;
/** Greatest prefix. */
export const LAST: number = 2 ** (8 * PREFIX) - 1;
/** Most bytes of records in a block, so that with what SQLite adds two stay within a page of 8 KiB. */
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

/** The value of a key, where each record has `size` bytes. */
export function findRecord({ records }: Block, key: Uint8Array, size: number): Buffer | undefined {
  const at = placeOf(records, 0, key, size);
  return hasKey(records, at, key) ? records.subarray(at + KEY, at + size) : undefined;
}

/** A block with these changes, which belong to it and are in the order of their keys: several blocks when it is full. */
export function changeBlock(block: Block, changes: readonly Change[], size: number): readonly Block[] {
  return cut({ ...block, records: mergeRecords(block.records, changes, size) }, size);
}

function mergeRecords(records: Buffer, changes: readonly Change[], size: number): Buffer {
  const merged = Buffer.allocUnsafe(records.length + changes.length * size);
  let [end, copied] = [0, 0];
  for (const { key, value } of changes) {
    const at = placeOf(records, copied, key, size);
    end += records.copy(merged, end, copied, at);
    merged.set(key, end);
    merged.set(value, end + KEY);
    end += size;
    copied = hasKey(records, at, key) ? at + size : at;
  }
  end += records.copy(merged, end, copied);
  return merged.subarray(0, end);
}

/** Place of the first record, from place `from` on, whose key is not below this one. */
function placeOf(records: Buffer, from: number, key: Uint8Array, size: number): number {
  const word = bufferOf(key).readUInt32BE();
  let [low, high] = [from / size, records.length / size];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = middle * size;
    // The first bytes of digests differ, and need no call into the engine.
    const order = records.readUInt32BE(at) - word || records.compare(key, 0, KEY, at, at + KEY);
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return low * size;
}

function hasKey(records: Buffer, at: number, key: Uint8Array): boolean {
  return at < records.length && records.compare(key, 0, KEY, at, at + KEY) === 0;
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
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
