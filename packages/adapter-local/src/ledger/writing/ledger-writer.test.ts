import { DatabaseSync } from 'node:sqlite';
import { LedgerUnavailableError } from '@medseal/core/adapter';
import { expect, test, vi } from 'vitest';
import {
  authority,
  collect,
  doctor,
  grant,
  patient,
  ledgerWorld,
  registration,
  request,
  START,
} from '../../../test/ledger-world.ts';
import { failure, testFolder } from '../../../test/test-folder.ts';
import { BlockTable } from '../database/block-table.ts';
import { CommitTable } from '../database/commit-table.ts';
import { LedgerCorruptError, LedgerLockedError } from '../errors.ts';
import { LocalLedger, localLedger } from '../local-ledger.ts';
import { openParts } from '../open-ledger.ts';
import type { LocalLedgerOptions } from '../options.ts';

interface Opened extends AsyncDisposable {
  readonly ledger: LocalLedger;
  readonly database: DatabaseSync;
  readonly wires: readonly Uint8Array[];
  readonly options: LocalLedgerOptions;
}

/** @param carryOverFrom as `openParts` has it; by default nothing is carried over here */
async function opened(carryOverFrom?: number): Promise<Opened> {
  const folder = await testFolder();
  const clocks = { clock: () => START, monotonic: () => 0 };
  const options = { path: `${folder.path}/ledger`, create: true, authority, threads: 0, ...clocks };
  const parts = await openParts(options, { carryOverFrom });
  const ledger = new LocalLedger(parts, options);
  const { domain } = ledger.genesis;
  for (const who of [patient, doctor]) await ledger.submit(await registration(who, domain, START + 600));
  return {
    ledger,
    options,
    database: parts.file.database,
    wires: await Promise.all([1, 2, 3].map((n) => request(n, domain, START + 600))),
    [Symbol.asyncDispose]: async () => {
      await ledger[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function commitsOf(path: string): number {
  using database = new DatabaseSync(path, { readOnly: true });
  return Number(database.prepare('SELECT count(*) AS count FROM commits').get()?.['count']);
}

/** The next COMMIT of a writing transaction fails, once it is done or before. */
function failNextCommit(database: DatabaseSync, when: 'before' | 'after'): void {
  const exec = database.exec.bind(database);
  let writing = false;
  database.exec = (sql) => {
    writing ||= sql === 'BEGIN IMMEDIATE';
    if (sql !== 'COMMIT' || !writing) return exec(sql);
    if (when === 'after') exec(sql);
    database.exec = exec;
    throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 });
  };
}

test.for(['before', 'after'] as const)('a commit that fails %s it is done fails all of its commands', async (when) => {
  await using world = await opened();
  const { ledger, database, wires } = world;
  failNextCommit(database, when);
  const ends = await Promise.allSettled(wires.map((wire) => ledger.submit(wire)));
  for (const end of ends) expect(end.status === 'rejected' && end.reason).toBeInstanceOf(LedgerUnavailableError);
  // Also where it is done: nobody knows whether it is on the disk.
  expect(await collect(ledger.entries())).toHaveLength(2);
  const receipts = await Promise.all(wires.map(async (wire) => (await ledger.submit(wire)).committed()));
  expect(receipts.map(({ cursor }) => Number(cursor.split('.')[0]))).toEqual([2, 3, 4]);
  expect(await ledger.verify({ signatures: 'assume' })).toMatchObject({ entries: 5, commands: 5 });
});

test.for(['before', 'after'] as const)(
  'judges on what is on the disk when a commit failed %s it was done',
  async (when) => {
    await using world = await opened();
    const { ledger, database } = world;
    const { domain } = ledger.genesis;
    // The same request, answered twice.
    const [first, second] = [await grant(1, domain, START + 600), await grant(1, domain, START + 601)];
    failNextCommit(database, when);
    expect(await failure(ledger.submit(first))).toBeInstanceOf(LedgerUnavailableError);
    if (when === 'before') await ledger.submit(second);
    else expect(await failure(ledger.submit(second))).toMatchObject({ code: 'ALREADY_DECIDED' });
    expect(await ledger.verify({ signatures: 'assume' })).toMatchObject({ entries: 3, commands: 3 });
  },
);

test.for(['before', 'after'] as const)(
  'finds what it acknowledged where a commit failed %s it was done, and then what is held could not be read',
  async (when) => {
    await using world = await opened();
    const { ledger, database, wires } = world;
    const [first = new Uint8Array(), second = new Uint8Array()] = wires;
    const receipt = await (await ledger.submit(first)).committed();
    failNextCommit(database, when);
    expect(await failure(ledger.submit(second))).toBeInstanceOf(LedgerUnavailableError);
    using commits = vi.spyOn(CommitTable.prototype, 'behind').mockImplementationOnce(() => {
      throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 });
    });
    expect(await failure(ledger.submit(second))).toBeInstanceOf(LedgerUnavailableError);
    expect(commits).toHaveBeenCalledOnce();
    expect(await ledger.submission(receipt.id).committed()).toEqual(receipt);
    expect(await (await ledger.submit(first)).committed()).toEqual(receipt);
    expect((await (await ledger.submit(second)).committed()).cursor).toMatch(/^3\./);
  },
);

test('loses nothing that it carries over when commits fail in between', async () => {
  await using world = await opened(6);
  const { ledger, database } = world;
  const { domain } = ledger.genesis;
  const wires = await Promise.all(Array.from({ length: 80 }, (_, n) => grant(n, domain, START + 600)));
  for (const [n, wire] of wires.entries()) {
    if (n % 10 > 7) {
      failNextCommit(database, n % 10 === 8 ? 'before' : 'after');
      expect(await failure(ledger.submit(wire))).toBeInstanceOf(LedgerUnavailableError);
    }
    await ledger.submit(wire);
  }
  expect(database.prepare('SELECT count(*) AS count FROM commits').get()?.['count']).toBeLessThan(40);
  expect(await ledger.verify({ signatures: 'assume' })).toMatchObject({ entries: 82, commands: 82 });
});

test('leaves no more and more to be read when its process is short-lived', async () => {
  await using world = await ledgerWorld({}, { carryOverFrom: 6 });
  await world.populate();
  await using reader = await world.open({ readOnly: true });
  for (let n = 0; n < 24; n++) {
    const { id } = await world.ledger.submit(await world.grant(n));
    await world.reopen();
    expect((await reader.submission(id).committed()).cursor).toMatch(new RegExp(String.raw`^${n + 2}\.`));
    expect(commitsOf(world.path)).toBeLessThan(10);
  }
  expect(await world.ledger.verify({ signatures: 'assume' })).toMatchObject({ entries: 26, commands: 26 });
});

test('opens although the disk is full that it would catch up on', async () => {
  await using world = await ledgerWorld({}, { carryOverFrom: 1_000 });
  await world.populate();
  for (let n = 0; n < 10; n++) await world.ledger.submit(await world.grant(n));
  await world.ledger[Symbol.asyncDispose]();
  const late = { carryOverFrom: 6 };
  using write = vi.spyOn(BlockTable.prototype, 'write').mockImplementation(() => {
    throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
  });
  await using parts = await openParts({ path: world.path, threads: 0, clock: () => START, monotonic: () => 0 }, late);
  expect(write).toHaveBeenCalledOnce();
  expect(parts.file.tail.held).toBe(4 + 2 + 20);
  expect(commitsOf(world.path)).toBe(13);
});

test('gives up when somebody else has written', async () => {
  await using world = await opened();
  const { ledger, database, wires } = world;
  const [wire = new Uint8Array()] = wires;
  const own = ledger.checkpoint();
  database.prepare('UPDATE commits SET note = ? WHERE size = 2').run(own.replace('2', '1'));
  expect(await failure(ledger.submit(wire))).toBeInstanceOf(LedgerLockedError);
  expect(await failure(ledger.submit(wire))).toBeInstanceOf(LedgerCorruptError);
  database.prepare('UPDATE commits SET note = ? WHERE size = 2').run(own);
  await ledger.submit(wire);
  expect(await collect(ledger.entries())).toHaveLength(3);
});

test('writes nothing over damaged state', async () => {
  await using world = await opened(1);
  const { ledger, database, wires } = world;
  const [first = new Uint8Array(), second = new Uint8Array()] = wires;
  await ledger.submit(first);
  // The people are in their table now, and the one command left is the last.
  expect(database.prepare('SELECT count(*) AS count FROM commits').get()).toEqual({ count: 1 });
  expect(database.prepare('DELETE FROM state').run().changes).toBe(1);
  // It holds in memory what it has checked; the next writer has to read it.
  await ledger[Symbol.asyncDispose]();
  await using next = await localLedger(world.options);
  expect(await failure(next.submit(second))).toBeInstanceOf(LedgerCorruptError);
  expect(await collect(next.entries())).toHaveLength(3);
});
