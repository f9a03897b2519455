import type { DatabaseSync } from 'node:sqlite';
import { LedgerUnavailableError } from '@medseal/core/adapter';
import { expect, test } from 'vitest';
import { commitsLeft, requireAll, tailWorld, type TailWorld, TailWriter } from '../../../test/tail-writer.ts';
import { catchUp } from './catch-up.ts';
import { Tail } from './tail.ts';

/** A log of 300 entries of whose changes nothing was carried over. */
function late(): TailWorld & { readonly writer: TailWriter } {
  const world = tailWorld();
  const writer = new TailWriter(world, { enough: 1_000 });
  for (let n = 0; n < 10; n++) writer.commit(30);
  expect(commitsLeft(world)).toBe(11);
  return { ...world, writer };
}

/** Its next COMMIT fails, once it is done or before. */
function failNextCommit(database: DatabaseSync, when: 'before' | 'after'): void {
  const exec = database.exec.bind(database);
  database.exec = (sql) => {
    if (sql !== 'COMMIT') return exec(sql);
    if (when === 'after') exec(sql);
    database.exec = exec;
    throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 });
  };
}

function requireGoesOn(world: TailWorld, writer: TailWriter): void {
  requireAll(writer.tail, writer);
  for (let n = 0; n < 100; n++) writer.commit(7);
  requireAll(writer.tail, writer);
  requireAll(new Tail(world.tables), writer);
}

test('leaves the last commit only', () => {
  const { writer, ...world } = late();
  catchUp({ ...world, tail: writer.tail }, writer.size);
  expect(commitsLeft(world)).toBe(1);
  requireGoesOn(world, writer);
});

test.for(['before', 'after'] as const)('loses nothing when its transaction fails %s it is done', (when) => {
  const { writer, ...world } = late();
  failNextCommit(world.database, when);
  expect(() => catchUp({ ...world, tail: writer.tail }, writer.size)).toThrow(LedgerUnavailableError);
  expect(commitsLeft(world)).toBe(when === 'before' ? 11 : 1);
  requireGoesOn(world, writer);
});
