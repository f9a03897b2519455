import { DatabaseSync } from 'node:sqlite';
import { writeFileSync } from 'node:fs';
import { LedgerUnavailableError, WrongLedgerError } from '@medseal/core/adapter';
import * as core from '@medseal/core/tlog';
import { isMedsealError } from '@medseal/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ledgerWorld } from '../../../test/ledger-world.ts';
import { failure, testFolder } from '../../../test/test-folder.ts';
import { LedgerCorruptError, LedgerLockedError } from '../errors.ts';
import { ChainedTable } from './chained-table.ts';
import { HighWaterMark, highWaterPath, readHighWater } from './high-water.ts';
import { APPLICATION_ID, TABLES } from './schema.ts';
import { asLedgerError } from './sqlite-errors.ts';
import { leafHash, nodeHash } from './tree-hash.ts';
import { lockWriter } from './writer-lock.ts';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
/** A key close behind another. */
const next = (key: Uint8Array): Uint8Array => key.with(31, (key[31] ?? 0) | 1);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function chained(): { readonly database: DatabaseSync; readonly table: ChainedTable } {
  const database = new DatabaseSync(':memory:');
  for (const sql of TABLES) database.exec(sql);
  const table = new ChainedTable(database, 'state');
  table.begin();
  return { database, table };
}

test('a chained table is a map, in the order of its keys', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(bytes32, bytes32), { maxLength: 30 }), bytes32, (puts, other) => {
      const { table } = chained();
      const map = new Map<string, string>();
      for (const [key, value] of puts) {
        table.put(key, value);
        map.set(hex(key), hex(value));
      }
      for (const [key] of puts) expect(hex(table.get(key) ?? Buffer.of())).toBe(map.get(hex(key)));
      expect(table.get(other) && hex(other)).toBe(map.get(hex(other)));
      const all = [...table.all()].map(([key, value]) => [hex(key), hex(value)]);
      expect(all).toEqual([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    }),
    { numRuns: 30 },
  );
});

const keys = [1, 2, 3, 4].map((fill) => new Uint8Array(32).fill(fill * 16));
const [, second = new Uint8Array()] = keys;
const damages = {
  'is gone': `DELETE FROM state WHERE key = ?`,
  'has another value': `UPDATE state SET rest = cast(substr(rest, 1, 48) || x'00' || substr(rest, 50) AS BLOB) WHERE key = ?`,
  'has another key': `UPDATE state SET key = cast(x'21' || substr(key, 2) AS BLOB) WHERE key = ?`,
  'is chained to another': `UPDATE state SET rest = cast(substr(rest, 1, 16) || zeroblob(32) || substr(rest, 49) AS BLOB) WHERE key = ?`,
  'is cut': `UPDATE state SET rest = cast(substr(rest, 1, 40) AS BLOB) WHERE key = ?`,
};

test.for(Object.entries(damages))('a row that %s is not taken for one that never was', ([, sql]) => {
  const { database, table } = chained();
  for (const key of keys) table.put(key, key);
  expect(database.prepare(sql).run(second).changes).toBe(1);
  expect(() => table.get(second)).toThrow(LedgerCorruptError);
  expect(() => table.put(second, second)).toThrow(LedgerCorruptError);
  expect(() => [...table.all()]).toThrow(LedgerCorruptError);
});

test('values written together are those that are written one by one', () => {
  fc.assert(
    fc.property(fc.array(bytes32, { maxLength: 9 }), fc.array(bytes32, { maxLength: 9 }), (present, more) => {
      const [together, alone] = [chained().table, chained().table];
      for (const key of present) for (const table of [together, alone]) table.put(key, key);
      // Some of these are there, and some follow one another.
      const written = new Map([...present.slice(0, 4), ...more, ...more.map(next)].map((key) => [hex(key), key]));
      const value = Uint8Array.of(7);
      together.write([...written.values()].map((key) => ({ key, value, found: together.find(key) })));
      for (const key of written.values()) alone.put(key, value);
      expect([...together.all()]).toEqual([...alone.all()]);
    }),
    { numRuns: 50 },
  );
});

test('hashes of the tree are those of the core', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), bytes32, bytes32, (entry, left, right) => {
      expect(hex(leafHash(entry))).toBe(hex(core.leafHash(entry)));
      expect(hex(nodeHash(left, right))).toBe(hex(core.nodeHash(left, right)));
    }),
  );
});

test('the note of how far the log came survives a torn write', async () => {
  await using folder = await testFolder();
  const path = `${folder.path}/ledger`;
  expect(readHighWater(path)).toBeUndefined();
  const marks = [3, 4, 2 ** 40].map((size) => ({ size, root: new Uint8Array(32).fill(size % 251) }));
  using note = new HighWaterMark(path);
  for (const mark of marks) {
    note.write(mark);
    expect(readHighWater(path)).toEqual(mark);
  }
  writeFileSync(highWaterPath(path), 'torn', { flag: 'r+' });
  expect(readHighWater(path)).toEqual(marks[1]);
});

test('a lock is free when its holder lets go', async () => {
  await using folder = await testFolder();
  const path = `${folder.path}/ledger`;
  const lock = lockWriter(path);
  expect(() => lockWriter(path)).toThrow(LedgerLockedError);
  lock[Symbol.dispose]();
  lock[Symbol.dispose]();
  lockWriter(path)[Symbol.dispose]();
});

test('a file that is none, of another version, or altered in its tables, is refused', async () => {
  await using world = await ledgerWorld();
  await world.ledger[Symbol.asyncDispose]();
  const alter = (sql: string): void => {
    using database = new DatabaseSync(world.path);
    database.exec(sql);
  };
  const alterations = [
    ['PRAGMA user_version=2', 'PRAGMA user_version=1', WrongLedgerError],
    ['PRAGMA application_id=7', `PRAGMA application_id=${APPLICATION_ID}`, WrongLedgerError],
    ['CREATE TABLE more (a)', 'DROP TABLE more', LedgerCorruptError],
    ['ALTER TABLE entries RENAME TO gone', 'ALTER TABLE gone RENAME TO entries', LedgerCorruptError],
  ] as const;
  for (const [change, , expected] of alterations) {
    alter(change);
    for (const readOnly of [true, false]) expect(await failure(world.open({ readOnly }))).toBeInstanceOf(expected);
    alter(alterations.find(([other]) => other === change)?.[1] ?? '');
  }
  writeFileSync(world.path, 'no database at all '.repeat(300));
  expect(await failure(world.open())).toBeInstanceOf(WrongLedgerError);
});

test('errors of SQLite come out typed', () => {
  const sqlite = (errcode: number): Error => Object.assign(new Error('raw'), { code: 'ERR_SQLITE_ERROR', errcode });
  for (let code = 1; code <= 28; code++) {
    const error = asLedgerError(sqlite(code + 256));
    expect(isMedsealError(error)).toBe(true);
    expect(error).not.toHaveProperty('message', 'raw');
  }
  expect(asLedgerError(sqlite(13))).toBeInstanceOf(LedgerUnavailableError);
  expect(asLedgerError(sqlite(11))).toBeInstanceOf(LedgerCorruptError);
  expect(asLedgerError(sqlite(26))).toBeInstanceOf(WrongLedgerError);
  const other = new TypeError('mine');
  expect(asLedgerError(other)).toBe(other);
});
