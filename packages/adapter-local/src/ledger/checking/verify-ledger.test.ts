import { DatabaseSync } from 'node:sqlite';
import { WrongLedgerError } from '@medseal/core/adapter';
import { expect, test } from 'vitest';
import { type LedgerWorld, ledgerWorld, numbered } from '../../../test/ledger-world.ts';
import { failure } from '../../../test/test-folder.ts';
import { LedgerCorruptError, LedgerPathError } from '../errors.ts';
import { verifyLedger } from './verify-ledger.ts';

const ENTRIES = 12;

async function filled(): Promise<LedgerWorld> {
  const world = await ledgerWorld();
  await world.populate();
  for (let n = 2; n < ENTRIES; n++) await world.ledger.submit(await (n % 2 === 0 ? world.request(n) : world.grant(n)));
  return world;
}

test('reports what it found whole, beside the writer', async () => {
  await using world = await filled();
  const progress: (readonly [number, number])[] = [];
  const report = await world.ledger.verify({ threads: 2, onProgress: (...step) => progress.push(step) });
  expect(report).toMatchObject({
    domain: world.ledger.genesis.domain,
    entries: ENTRIES,
    commands: ENTRIES,
    stateObjects: 4 + 5,
    checkpoint: world.ledger.checkpoint(),
  });
  expect(progress).toEqual([[ENTRIES, ENTRIES]]);
  expect(await verifyLedger(world.path, { signatures: 'assume', threads: 0 })).toEqual(report);
});

test('verifies a new ledger', async () => {
  await using world = await ledgerWorld();
  expect(await world.ledger.verify()).toMatchObject({ entries: 0, commands: 0, stateObjects: 0, time: 0 });
});

test('stops when it is told to', async () => {
  await using world = await filled();
  const abort = new AbortController();
  const reason = new Error('enough');
  const onProgress = (): void => abort.abort(reason);
  for (let n = 0; n < 256; n++) await world.ledger.submit(await world.request(1_000 + n));
  expect(await failure(world.ledger.verify({ signal: abort.signal, onProgress }))).toBe(reason);
  const before = failure(world.ledger.verify({ signal: AbortSignal.abort(new Error('never')) }));
  expect(await before).toMatchObject({ message: 'never' });
});

test('says what the file is not', async () => {
  await using world = await filled();
  expect(await failure(verifyLedger(`${world.path}-none`))).toBeInstanceOf(LedgerPathError);
  expect(await failure(verifyLedger(world.path, { domain: numbered(1) }))).toBeInstanceOf(WrongLedgerError);
  expect(await failure(verifyLedger(`${world.path}-key`))).toBeInstanceOf(WrongLedgerError);
});

const flip = (column: string): string => `cast(x'ff' || substr(${column}, 2) AS BLOB)`;
const forgeries: Readonly<Record<string, string>> = {
  'an entry changed': `UPDATE entries SET entry = ${flip('entry')} WHERE seq = 5`,
  'an entry removed': 'DELETE FROM entries WHERE seq = 5',
  'the last entry removed': `DELETE FROM entries WHERE seq = ${ENTRIES - 1}`,
  'an entry added': `INSERT INTO entries SELECT ${ENTRIES}, hashes, entry FROM entries WHERE seq = 5`,
  'a leaf hash changed': `UPDATE entries SET hashes = ${flip('hashes')} WHERE seq = 1`,
  'a node changed': `UPDATE entries SET hashes = cast(substr(hashes, 1, 32) || x'ff' || substr(hashes, 34) AS BLOB) WHERE seq = 1`,
  'a hash added': 'UPDATE entries SET hashes = cast(hashes || hashes AS BLOB) WHERE seq = 2',
  'a hash removed': 'UPDATE entries SET hashes = cast(substr(hashes, 1, 32) AS BLOB) WHERE seq = 3',
  'an id removed': 'DELETE FROM ids WHERE key = (SELECT max(key) FROM ids)',
  'an id moved': `UPDATE ids SET rest = cast(substr(rest, 1, 48) || x'0000000000ff' AS BLOB) WHERE key = (SELECT max(key) FROM ids)`,
  'state removed': 'DELETE FROM state WHERE key = (SELECT max(key) FROM state)',
  'state changed': `UPDATE state SET rest = cast(substr(rest, 1, 48) || x'ff' || substr(rest, 50) AS BLOB) WHERE key = (SELECT max(key) FROM state)`,
  'state added': `INSERT INTO state SELECT ${flip('key')}, rest FROM state WHERE key > zeroblob(32) LIMIT 1`,
  'the checkpoint changed': `UPDATE head SET note = replace(note, char(10) || '${ENTRIES}' || char(10), char(10) || '11' || char(10))`,
  'the genesis changed': `UPDATE genesis SET text = replace(text, '"threshold":2', '"threshold":1')`,
  'a cosigned checkpoint added': `INSERT INTO cosigned SELECT 3, note, x'00' FROM head`,
};

test.for(Object.entries(forgeries))('notices %s', async ([, sql]) => {
  await using world = await filled();
  await world.ledger[Symbol.asyncDispose]();
  const database = new DatabaseSync(world.path);
  const { changes } = database.prepare(sql).run();
  expect(changes).toBe(1);
  database.close();
  const error = await failure(verifyLedger(world.path, { signatures: 'assume' }));
  expect(error).toBeInstanceOf(LedgerCorruptError);
});

test('names the entry that was changed', async () => {
  await using world = await filled();
  await world.ledger[Symbol.asyncDispose]();
  const database = new DatabaseSync(world.path);
  database.exec(`UPDATE entries SET entry = ${flip('entry')} WHERE seq = 7`);
  database.close();
  expect(await failure(verifyLedger(world.path))).toMatchObject({ seq: 7, retryable: false });
});
