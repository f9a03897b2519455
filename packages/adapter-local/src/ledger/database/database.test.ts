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
import { HighWaterMark, highWaterPath, readHighWater } from './high-water.ts';
import { APPLICATION_ID } from './schema.ts';
import { asLedgerError } from './sqlite-errors.ts';
import { leafHash, nodeHash } from './tree-hash.ts';
import { lockWriter } from './writer-lock.ts';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

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
    ['PRAGMA user_version=3', 'PRAGMA user_version=2', WrongLedgerError],
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
