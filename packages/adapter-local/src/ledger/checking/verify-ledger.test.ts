import { DatabaseSync } from 'node:sqlite';
import { WrongLedgerError } from '@medseal/core/adapter';
import { expect, test } from 'vitest';
import { type LedgerWorld, ledgerWorld, numbered } from '../../../test/ledger-world.ts';
import { failure } from '../../../test/test-folder.ts';
import { type Tables, tablesOf } from '../database/tables.ts';
import { LedgerCorruptError, LedgerPathError } from '../errors.ts';
import { seqBytes } from '../database/seq-bytes.ts';
import { type CommitChanges, decodeChanges, encodeChanges } from '../tail/commit-changes.ts';
import { verifyLedger } from './verify-ledger.ts';

const ENTRIES = 12;

/** With some commands whose ids and state were carried over to the tables, and some whose were not. */
async function filled(): Promise<LedgerWorld> {
  const world = await ledgerWorld({}, { carryOverFrom: 8 });
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
  'a block of ids removed': 'DELETE FROM ids',
  'a block of state removed': 'DELETE FROM state',
  'a block of state changed': `UPDATE state SET rest = ${flip('rest')}`,
  'a block of state added': 'INSERT INTO state SELECT low + 1, rest FROM state',
  'a commit removed': `DELETE FROM commits WHERE size = ${ENTRIES - 1}`,
  'the checkpoint changed': `UPDATE commits SET note = replace(note, char(10) || '${ENTRIES}' || char(10), char(10) || '11' || char(10)) WHERE size = ${ENTRIES}`,
  'the genesis changed': `UPDATE genesis SET text = replace(text, '"threshold":2', '"threshold":1')`,
  'a cosigned checkpoint added': `INSERT INTO cosigned SELECT 3, note, x'00' FROM commits LIMIT 1`,
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

const SOME = new Uint8Array(32).fill(9);
const wrongs: Readonly<Record<string, (tables: Tables, database: DatabaseSync) => void>> = {
  'an id that leads elsewhere': ({ ids }) => {
    const [key = SOME] = [...ids.all()].map(([id]) => id);
    ids.write([{ key, value: seqBytes(ENTRIES - 1) }], 0);
  },
  'an id of no entry': ({ ids }) => void ids.write([{ key: SOME, value: seqBytes(1) }], 0),
  'an object with another value': ({ state }) => {
    const [key = SOME] = [...state.all()].map(([path]) => path);
    state.write([{ key, value: SOME }], 0);
  },
  'an object that nothing made': ({ state }) => void state.write([{ key: SOME, value: SOME }], 0),
  'a change that no command made': (tables, database) =>
    changeLast(tables, database, ({ state, ...rest }) => ({
      ...rest,
      state: new Map([...state, [keyName(SOME), SOME]]),
    })),
  'a missing id': (tables, database) => changeLast(tables, database, (changes) => ({ ...changes, ids: new Map() })),
};

/** Writes the last commit again, with other changes. */
function changeLast(
  { commits }: Tables,
  database: DatabaseSync,
  change: (changes: CommitChanges) => CommitChanges,
): void {
  const last = [...commits.behind(-1)].at(-1);
  if (last === undefined) throw new TypeError('There is no commit');
  database.prepare('DELETE FROM commits WHERE size = ?').run(last.size);
  commits.put({ ...last, changes: encodeChanges(last.size, change(decodeChanges(last.size, last.changes))) });
}

const keyName = (key: Uint8Array): string => Buffer.from(key).toString('latin1');

test.for(Object.entries(wrongs))('notices %s although its checksum is right', async ([, forge]) => {
  await using world = await filled();
  await world.ledger[Symbol.asyncDispose]();
  const database = new DatabaseSync(world.path);
  forge(tablesOf(database), database);
  database.close();
  const error = await failure(verifyLedger(world.path, { signatures: 'assume' }));
  expect(error).toBeInstanceOf(LedgerCorruptError);
  expect(error).toMatchObject({ message: expect.stringMatching(/the table (ids|state)/) as string });
});

test('names the entry that was changed', async () => {
  await using world = await filled();
  await world.ledger[Symbol.asyncDispose]();
  const database = new DatabaseSync(world.path);
  database.exec(`UPDATE entries SET entry = ${flip('entry')} WHERE seq = 7`);
  database.close();
  expect(await failure(verifyLedger(world.path))).toMatchObject({ seq: 7, retryable: false });
});
