import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../database/checksum.ts';
import { TABLES } from '../database/schema.ts';
import { type Tables, tablesOf } from '../database/tables.ts';
import { LedgerCorruptError } from '../errors.ts';
import { CarryOver } from './carry-over.ts';
import { decodeChanges, encodeChanges, noChanges } from './commit-changes.ts';
import { type KeyName, keyOf, nameOfPath } from './key-name.ts';
import { Tail } from './tail.ts';

interface Made {
  readonly database: DatabaseSync;
  readonly tables: Tables;
}

function made(): Made {
  const database = new DatabaseSync(':memory:');
  for (const sql of TABLES) database.exec(sql);
  const tables = tablesOf(database);
  tables.ids.begin();
  tables.state.begin();
  tables.commits.put({ size: 0, note: '0', changes: encodeChanges(0, noChanges) });
  return { database, tables };
}

const idOf = (seq: number): KeyName => nameOfPath(`id ${seq}`);
const object = (n: number): KeyName => nameOfPath(`object ${n}`);
/** The one of some objects that an entry writes. */
const someObject = (seq: number): readonly KeyName[] => [object((seq * 7) % 13)];

/** Commits batches as the ledger's writer does, each entry with its id and new words for objects. */
class Writer {
  readonly tail: Tail;
  readonly state = new Map<KeyName, Uint8Array>();
  size = 0;
  readonly #tables: Tables;
  readonly #objectsOf: (seq: number) => readonly KeyName[];
  readonly #carry: CarryOver;

  constructor(tables: Tables, objectsOf: (seq: number) => readonly KeyName[] = someObject) {
    this.#tables = tables;
    this.#objectsOf = objectsOf;
    this.tail = new Tail(tables);
    this.tail.keepBlocks();
    this.tail.follow(0);
    this.#carry = new CarryOver(this.tail, 20);
  }

  commit(commands: number): void {
    const from = this.size;
    const size = from + commands;
    const seqs = Array.from({ length: commands }, (_, i) => from + i);
    const ids = new Map(seqs.map((seq) => [idOf(seq), seq]));
    const written = seqs.flatMap((seq) => this.#objectsOf(seq).map((name) => [name, sha256(`word ${seq}`)] as const));
    const state = new Map(written);
    const carried = this.#carry.step(ids.size + state.size);
    const changes = { from, carried, ids, state };
    this.#tables.commits.put({ size, note: String(size), changes: encodeChanges(size, changes) });
    if (carried !== this.tail.carried) this.#tables.commits.remove(carried);
    this.tail.add(size, changes);
    this.#carry.committed(size);
    this.size = size;
    for (const [name, word] of state) this.state.set(name, word);
  }
}

const commitsLeft = ({ database }: Made): number =>
  Number(database.prepare('SELECT count(*) AS count FROM commits').get()?.['count']);

function requireAll(tail: Tail, { size, state }: Writer): void {
  tail.follow(size);
  for (let seq = 0; seq < size; seq++) expect(tail.ids.find(idOf(seq))).toBe(seq);
  expect(tail.ids.find(idOf(size))).toBeUndefined();
  for (const [name, word] of state) expect(Buffer.from(tail.state.find(name) ?? [])).toEqual(Buffer.from(word));
  const byName = [...state].toSorted(([a], [b]) => (a < b ? -1 : 1));
  expect([...tail.state.all()].map(([key, word]) => [Buffer.from(key), Buffer.from(word)])).toEqual(
    byName.map(([name, word]) => [keyOf(name), Buffer.from(word)]),
  );
  expect([...tail.ids.all()]).toHaveLength(size);
}

test('tables with what is held over them are those of the whole log, for whoever follows', () => {
  const batches = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(batches, fc.integer({ min: 1, max: 9 }), (sizes, every) => {
      const { tables } = made();
      const writer = new Writer(tables);
      const follower = new Tail(tables);
      for (const [i, size] of sizes.entries()) {
        writer.commit(size);
        if (i % every === 0) requireAll(follower, writer);
      }
      requireAll(writer.tail, writer);
      requireAll(follower, writer);
      requireAll(new Tail(tables), writer);
    }),
    { numRuns: 30 },
  );
});

test('what was carried over needs no commits any more', () => {
  const world = made();
  const writer = new Writer(world.tables);
  for (let n = 0; n < 400; n++) {
    writer.commit(1);
    // Two passes at most: 20 changes begin one, and it is done before as many have come.
    expect(writer.tail.ids.held).toBeLessThan(60);
    expect(commitsLeft(world)).toBeLessThan(60);
  }
  expect(writer.tail.carried).toBeGreaterThan(340);
  requireAll(new Tail(world.tables), writer);
});

test('holds no more and more when each command changes several objects', () => {
  const world = made();
  const writer = new Writer(world.tables, (seq) => [object(2 * seq), object(2 * seq + 1)]);
  for (let n = 0; n < 400; n++) {
    writer.commit(1 + (n % 3));
    expect(writer.tail.held).toBeLessThan(80);
    expect(commitsLeft(world)).toBeLessThan(40);
  }
  requireAll(new Tail(world.tables), writer);
});

test('who only follows does not hold more and more', () => {
  const { tables } = made();
  const writer = new Writer(tables);
  const follower = new Tail(tables, 100);
  for (let n = 0; n < 400; n++) {
    writer.commit(1);
    follower.follow(writer.size);
    expect(follower.ids.held).toBeLessThan(102);
  }
  requireAll(follower, writer);
});

const damages = {
  'the first is gone': 'DELETE FROM commits WHERE size = (SELECT min(size) FROM commits)',
  'one is gone': 'DELETE FROM commits WHERE size = (SELECT size FROM commits ORDER BY size LIMIT 1 OFFSET 3)',
  'the last is gone': 'DELETE FROM commits WHERE size = (SELECT max(size) FROM commits)',
  'one stands elsewhere': 'UPDATE commits SET size = 1000 WHERE size = (SELECT max(size) FROM commits)',
  'one is altered': `UPDATE commits SET changes = cast(substr(changes, 1, 40) || x'00' || substr(changes, 42) AS BLOB) WHERE size = (SELECT size FROM commits ORDER BY size LIMIT 1 OFFSET 3)`,
  'one is cut': `UPDATE commits SET changes = x'00' WHERE size = (SELECT max(size) FROM commits)`,
};

test.for(Object.entries(damages))('does not follow when %s', ([, sql]) => {
  const { database, tables } = made();
  const writer = new Writer(tables);
  for (let n = 0; n < 60; n++) writer.commit(1);
  expect(writer.tail.carried).toBeGreaterThan(0);
  expect(database.prepare(sql).run().changes).toBe(1);
  const tail = new Tail(tables);
  for (let again = 0; again < 2; again++) expect(() => tail.follow(60)).toThrow(LedgerCorruptError);
});

test('changes come back as they were written, for their own size only', () => {
  const name = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
  const number = fc.nat({ max: 2 ** 40 });
  fc.assert(
    fc.property(
      fc.record({
        from: number,
        carried: number,
        ids: fc.array(fc.tuple(name, number)).map((ids) => new Map(ids)),
        state: fc.array(fc.tuple(name, fc.uint8Array({ minLength: 32, maxLength: 32 }))).map((state) => new Map(state)),
      }),
      number,
      (changes, size) => {
        const bytes = encodeChanges(size, changes);
        expect(decodeChanges(size, bytes)).toEqual(changes);
        // It names the last entry of the commit.
        expect(() => decodeChanges(size + 1, bytes)).toThrow(`(entry ${size})`);
      },
    ),
  );
});
