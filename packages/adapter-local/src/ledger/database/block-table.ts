import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LedgerCorruptError } from '../errors.ts';
import { type Block, type Change, changeBlock, findRecord, KEY, LAST, prefixOf } from './block.ts';
import { checksum, sha256 } from './checksum.ts';

const SUM = 16;
const BOUND = 6;
const HEAD = SUM + BOUND;
/** Blocks that a writer keeps in memory, one for each part of the keys: at most 8 MiB a table. */
const KEPT = 2_048;
const PART = (LAST + 1) / KEPT;

/**
 * Values of one width under keys of 32 bytes, in blocks that together cover all keys. Each block has a checksum and says
 * up to where it reaches, so that a record that is gone, or a block that SQLite no longer finds, is told from one that
 * never was: without it a lost decision would be one not yet made.
 */
export class BlockTable {
  readonly #name: 'ids' | 'state';
  readonly #width: number;
  readonly #tag: Uint8Array;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #all: StatementSync;

  /** For who alone writes: blocks that were checked, each at the parts of the keys that it covers. */
  #kept: (Block | undefined)[] | undefined;

  /** @param width bytes of a value */
  constructor(database: DatabaseSync, name: 'ids' | 'state', width: number) {
    this.#name = name;
    this.#width = width;
    this.#tag = sha256(name);
    this.#find = database.prepare(`SELECT low, rest FROM ${name} WHERE low <= ? ORDER BY low DESC LIMIT 1`);
    this.#insert = database.prepare(`INSERT INTO ${name} (low, rest) VALUES (?, ?)`);
    this.#update = database.prepare(`UPDATE ${name} SET rest = ? WHERE low = ?`);
    this.#all = database.prepare(`SELECT low, rest FROM ${name} ORDER BY low`);
  }

  /** Makes the one block of an empty table. */
  begin(): void {
    this.#add({ low: 0, last: LAST, records: Buffer.of() });
  }

  /** From now on nobody else writes: blocks are kept in memory. What was kept is forgotten. */
  keep(): void {
    this.#kept = Array.from({ length: KEPT });
  }

  /** @throws LedgerCorruptError when the block of the key is not what was written. */
  find(key: Uint8Array): Uint8Array | undefined {
    return findRecord(this.#blockOf(key), key, this.#width);
  }

  /**
   * Stores those of `changes` that belong to the block of the first: changes from place `start` on, which are in the order
   * of their keys. Gives the place behind the last one stored.
   */
  write(changes: readonly Change[], start: number): number {
    const first = changes[start];
    if (first === undefined) return start;
    const block = this.#blockOf(first.key);
    this.#keep(block, undefined);
    let end = start + 1;
    for (let change = changes[end]; change !== undefined && prefixOf(change.key) <= block.last; change = changes[end])
      end++;
    const [changed, ...more] = changeBlock(block, changes.slice(start, end), this.#width);
    if (changed !== undefined) this.#change(changed);
    for (const added of more) this.#add(added);
    return end;
  }

  /** All keys and values in the order of the keys. */
  *all(): Generator<readonly [key: Uint8Array, value: Uint8Array]> {
    let next = 0;
    for (const row of this.#all.iterate()) {
      const { low, last, records } = this.#checked(row);
      if (low !== next) throw this.#damage();
      for (let at = 0; at < records.length; at += KEY + this.#width)
        yield [records.subarray(at, at + KEY), records.subarray(at + KEY, at + KEY + this.#width)];
      next = last + 1;
    }
    if (next !== LAST + 1) throw this.#damage();
  }

  #blockOf(key: Uint8Array): Block {
    const prefix = prefixOf(key);
    const kept = this.#kept?.[partOf(prefix)];
    if (kept !== undefined && covers(kept, prefix)) return kept;
    const row = this.#find.get(prefix);
    if (row === undefined) throw this.#damage();
    const block = this.#checked(row);
    if (!covers(block, prefix)) throw this.#damage();
    this.#keep(block, block);
    return block;
  }

  #keep({ low, last }: Block, block: Block | undefined): void {
    this.#kept?.fill(block, partOf(low), partOf(last) + 1);
  }

  #checked({ low, rest }: Record<string, unknown>): Block {
    if (typeof low !== 'number' || !(rest instanceof Uint8Array) || rest.length < HEAD) throw this.#damage();
    const bytes = Buffer.from(rest.buffer, rest.byteOffset, rest.length);
    if (bytes.compare(this.#sum(low, bytes.subarray(SUM)), 0, SUM, 0, SUM) !== 0) throw this.#damage();
    return { low, last: bytes.readUIntBE(SUM, BOUND), records: bytes.subarray(HEAD) };
  }

  #add(block: Block): void {
    this.#insert.run(block.low, this.#rest(block));
  }

  #change(block: Block): void {
    const { changes } = this.#update.run(this.#rest(block), block.low);
    if (changes !== 1) throw this.#damage();
  }

  #rest({ low, last, records }: Block): Uint8Array {
    const bytes = Buffer.allocUnsafe(HEAD + records.length);
    bytes.writeUIntBE(last, SUM, BOUND);
    bytes.set(records, HEAD);
    bytes.set(this.#sum(low, bytes.subarray(SUM)));
    return bytes;
  }

  #sum(low: number, lastAndRecords: Uint8Array): Uint8Array {
    const bound = Buffer.allocUnsafe(BOUND);
    bound.writeUIntBE(low, 0, BOUND);
    return checksum(this.#tag, bound, lastAndRecords);
  }

  #damage(): LedgerCorruptError {
    return new LedgerCorruptError(`a block of the table ${this.#name} is not what was written`);
  }
}

function covers({ low, last }: Block, prefix: number): boolean {
  return low <= prefix && prefix <= last;
}

function partOf(prefix: number): number {
  return Math.floor(prefix / PART);
}
