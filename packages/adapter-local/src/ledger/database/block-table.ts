import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LedgerCorruptError } from '../errors.ts';
import { type Block, type Change, changeBlock, findRecord, KEY, LAST, prefixOf } from './block.ts';
import { checksum, sha256 } from './checksum.ts';
import { KeptBlocks } from './kept-blocks.ts';
import { KnownGaps } from './known-gaps.ts';

const SUM = 16;
const BOUND = 6;
const HEAD = SUM + BOUND;

/** What a writer knows of a table without reading it: at most 8 MiB. */
interface Known {
  readonly blocks: KeptBlocks;
  readonly gaps: KnownGaps;
}

/**
 * Values of one width under keys of 32 bytes, in blocks that together cover all keys. Each block has a checksum and says
 * up to where it reaches, so that a record that is gone, or a block that SQLite no longer finds, is told from one that
 * never was: without it a lost decision would be one not yet made.
 */
export class BlockTable {
  readonly #name: 'ids' | 'state';
  /** Bytes of a record: a key and its value. */
  readonly #size: number;
  readonly #tag: Uint8Array;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #all: StatementSync;

  /** For who alone writes, from blocks that were checked or written. */
  #known: Known | undefined;

  /** @param width bytes of a value */
  constructor(database: DatabaseSync, name: 'ids' | 'state', width: number) {
    this.#name = name;
    this.#size = KEY + width;
    this.#tag = sha256(name);
    this.#find = database.prepare(`SELECT low, rest FROM ${name} WHERE low <= ? ORDER BY low DESC LIMIT 1`);
    this.#insert = database.prepare(`INSERT INTO ${name} (low, rest) VALUES (?, ?)`);
    this.#update = database.prepare(`UPDATE ${name} SET rest = ? WHERE low = ?`);
    this.#all = database.prepare(`SELECT low, rest FROM ${name} ORDER BY low`);
  }

  /** Makes the one block of an empty table. */
  begin(): void {
    this.#insert.run(0, this.#rest({ low: 0, last: LAST, records: Buffer.of() }));
  }

  /**
   * From now on nobody else writes, and what was checked or written is kept in memory. What was kept is forgotten: so it
   * is to be called again when a transaction that wrote was not committed.
   */
  keep(): void {
    this.#known = { blocks: new KeptBlocks(), gaps: new KnownGaps() };
  }

  /** @throws LedgerCorruptError when the block of the key is not what was written. */
  find(key: Uint8Array): Uint8Array | undefined {
    if (this.#known?.gaps.has(key) === true) return undefined;
    return findRecord(this.#blockOf(prefixOf(key)), key, this.#size);
  }

  /**
   * Stores those of `changes` that belong to the block of the first: changes from place `start` on, which are in the order
   * of their keys. Gives the place behind the last one stored.
   */
  write(changes: readonly Change[], start: number): number {
    const first = changes[start];
    if (first === undefined) return start;
    const block = this.#blockOf(prefixOf(first.key));
    let end = start + 1;
    for (let change = changes[end]; change !== undefined && prefixOf(change.key) <= block.last; change = changes[end])
      end++;
    this.#store(block, changes.slice(start, end));
    return end;
  }

  /** All keys and values in the order of the keys. */
  *all(): Generator<readonly [key: Uint8Array, value: Uint8Array]> {
    let next = 0;
    for (const row of this.#all.iterate()) {
      const { low, last, records } = this.#checked(row);
      if (low !== next) throw this.#damage();
      for (let at = 0; at < records.length; at += this.#size)
        yield [records.subarray(at, at + KEY), records.subarray(at + KEY, at + this.#size)];
      next = last + 1;
    }
    if (next !== LAST + 1) throw this.#damage();
  }

  #blockOf(prefix: number): Block {
    const kept = this.#known?.blocks.find(prefix);
    if (kept !== undefined) return kept;
    const row = this.#find.get(prefix);
    if (row === undefined) throw this.#damage();
    const block = this.#checked(row);
    if (prefix < block.low || prefix > block.last) throw this.#damage();
    this.#known?.blocks.put(block);
    this.#known?.gaps.add(block, this.#size);
    return block;
  }

  #checked({ low, rest }: Record<string, unknown>): Block {
    if (typeof low !== 'number' || !(rest instanceof Uint8Array) || rest.length < HEAD) throw this.#damage();
    const bytes = Buffer.from(rest.buffer, rest.byteOffset, rest.length);
    if (bytes.compare(this.#sum(low, bytes.subarray(SUM)), 0, SUM, 0, SUM) !== 0) throw this.#damage();
    return { low, last: bytes.readUIntBE(SUM, BOUND), records: bytes.subarray(HEAD) };
  }

  #store(block: Block, changes: readonly Change[]): void {
    for (const { key } of changes) this.#known?.gaps.remove(key);
    for (const changed of changeBlock(block, changes, this.#size)) {
      const rest = this.#rest(changed);
      if (changed.low !== block.low) this.#insert.run(changed.low, rest);
      else if (this.#update.run(rest, changed.low).changes !== 1) throw this.#damage();
      this.#known?.blocks.put({ ...changed, records: rest.subarray(HEAD) });
    }
  }

  #rest({ low, last, records }: Block): Buffer {
    // Not out of Node's pool: it may be kept for long.
    const bytes = Buffer.allocUnsafeSlow(HEAD + records.length);
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
