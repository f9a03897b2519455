import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LedgerCorruptError } from '../errors.ts';
import type { Change } from './block.ts';
import { BlockTable } from './block-table.ts';
import { sha256 } from './checksum.ts';
import { TABLES } from './schema.ts';

const WIDTH = 32;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
/** Keys of which several begin alike, as no digests do. */
const key = fc.oneof(
  bytes32,
  fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 9 })).map(([a, b]) => {
    const bytes = new Uint8Array(32).fill(a * 80);
    bytes[31] = b;
    return bytes;
  }),
);

interface Made {
  readonly database: DatabaseSync;
  readonly table: BlockTable;
}

function made(): Made {
  const database = new DatabaseSync(':memory:');
  for (const sql of TABLES) database.exec(sql);
  const table = new BlockTable(database, 'state', WIDTH);
  table.begin();
  return { database, table };
}

function writeAll(table: BlockTable, records: Iterable<Change>): void {
  const unique = new Map([...records].map((record) => [hex(record.key), record]));
  const sorted = [...unique].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
  for (let at = 0; at < sorted.length;) at = table.write(sorted, at);
}

const numbered = (n: number): Uint8Array => sha256(`key ${n}`);
const some = (from: number, to: number): readonly Change[] =>
  Array.from({ length: to - from }, (_, i) => ({ key: numbered(from + i), value: sha256(`value ${from + i}`) }));

test('is a map, in the order of its keys', () => {
  const records = fc.array(fc.record({ key, value: bytes32 }), { maxLength: 200 });
  fc.assert(
    fc.property(fc.array(records, { maxLength: 4 }), key, fc.boolean(), (rounds, other, kept) => {
      const { table } = made();
      if (kept) table.keep();
      const map = new Map<string, string>();
      const requireFound = (wanted: Uint8Array): void => {
        const found = table.find(wanted);
        expect(found && hex(found)).toBe(map.get(hex(wanted)));
      };
      for (const round of rounds) {
        for (const record of round) requireFound(record.key);
        writeAll(table, round);
        for (const record of round) map.set(hex(record.key), hex(record.value));
        for (const record of round) requireFound(record.key);
      }
      requireFound(other);
      const all = [...table.all()].map(([at, value]) => [hex(at), hex(value)]);
      expect(all).toEqual([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    }),
    { numRuns: 60 },
  );
});

test('divides its blocks, so that each stays within a page', () => {
  const { database, table } = made();
  for (let from = 0; from < 5_000; from += 500) writeAll(table, some(from, from + 500));
  const sizes = database
    .prepare('SELECT length(rest) AS size FROM state')
    .all()
    .map(({ size }) => Number(size));
  expect(sizes.length).toBeGreaterThan(5_000 / 62);
  expect(sizes.length).toBeLessThan(5_000 / 25);
  expect(Math.max(...sizes)).toBeLessThan(4_000);
  expect([...table.all()]).toHaveLength(5_000);
});

test('keeps keys together that begin alike, however many they are', () => {
  const { table } = made();
  const alike = Array.from({ length: 200 }, (_, n) => {
    const bytes = new Uint8Array(32).fill(0x80);
    new DataView(bytes.buffer).setUint32(28, n);
    return { key: bytes, value: bytes };
  });
  writeAll(table, some(0, 50));
  writeAll(table, alike);
  writeAll(table, some(50, 200));
  for (const { key: own } of [...alike, ...some(0, 200)]) expect(table.find(own)).toBeDefined();
  expect([...table.all()]).toHaveLength(400);
});

const damages = {
  'is gone': 'DELETE FROM state WHERE low = $low',
  'has another value': `UPDATE state SET rest = cast(substr(rest, 1, 60) || x'00' || substr(rest, 62) AS BLOB) WHERE low = $low`,
  'begins elsewhere': 'UPDATE state SET low = $low + 1 WHERE low = $low',
  'reaches elsewhere': `UPDATE state SET rest = cast(substr(rest, 1, 21) || x'01' || substr(rest, 23) AS BLOB) WHERE low = $low`,
  'is cut': 'UPDATE state SET rest = cast(substr(rest, 1, 20) AS BLOB) WHERE low = $low',
  'is another': 'UPDATE state SET rest = (SELECT rest FROM state WHERE low > $low LIMIT 1) WHERE low = $low',
};

const damagesRead = Object.entries(damages).flatMap(([name, sql]) => [
  { name, sql, by: 'a reader' },
  { name, sql, by: 'a writer' },
]);

test.for(damagesRead)('a block that $name is not taken for one without the key by $by', ({ sql, by }) => {
  const { database, table } = made();
  writeAll(table, some(0, 500));
  if (by === 'a writer') table.keep();
  const low = Number(database.prepare('SELECT low FROM state ORDER BY low LIMIT 1 OFFSET 3').get()?.['low']);
  expect(database.prepare(sql).run({ low }).changes).toBe(1);
  const lost = some(0, 500).filter((record) => {
    try {
      return table.find(record.key) === undefined;
    } catch (error) {
      expect(error).toBeInstanceOf(LedgerCorruptError);
      return false;
    }
  });
  expect(lost).toEqual([]);
  const inside = Buffer.alloc(32);
  inside.writeUIntBE(low, 0, 6);
  expect(() => table.find(inside)).toThrow(LedgerCorruptError);
  expect(() => table.write([{ key: inside, value: inside }], 0)).toThrow(LedgerCorruptError);
  expect(() => [...table.all()]).toThrow(LedgerCorruptError);
});

test('a writer needs to read nothing that it has read or written, until it is told to forget', () => {
  const { database, table } = made();
  writeAll(table, some(0, 300));
  table.keep();
  for (const record of some(0, 100)) table.find(record.key);
  writeAll(table, some(300, 600));
  database.exec('DELETE FROM state');
  for (const record of some(0, 600)) expect(table.find(record.key)).toEqual(Buffer.from(record.value));
  for (const record of some(600, 700)) expect(table.find(record.key)).toBeUndefined();
  table.keep();
  for (const record of some(0, 700)) expect(() => table.find(record.key)).toThrow(LedgerCorruptError);
});

test('a table whose last block is gone is not taken for a shorter one', () => {
  const { database, table } = made();
  writeAll(table, some(0, 200));
  database.exec('DELETE FROM state WHERE low = (SELECT max(low) FROM state)');
  expect(() => [...table.all()]).toThrow(LedgerCorruptError);
});
