import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LedgerRewrittenError, LedgerUnavailableError, WrongLedgerError } from '@medseal/core/adapter';
import { expect, test } from 'vitest';
import { authority, collect, ledgerWorld } from '../../../test/ledger-world.ts';
import { failure } from '../../../test/test-folder.ts';
import { LedgerCorruptError, LedgerLockedError, LedgerPathError } from '../errors.ts';
import { verifyLedger } from '../checking/verify-ledger.ts';
import { createLedger } from '../writing/create-ledger.ts';
import { backupLedger } from './backup-ledger.ts';
import { restoreLedger } from './restore-ledger.ts';

test('backs up one state while the ledger goes on', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const backup = `${world.path}.backup`;
  const parts: number[] = [];
  let more: Promise<unknown> | undefined;
  const wire = await world.request(1);
  await world.ledger.backup(backup, {
    onProgress: (part) => {
      parts.push(part);
      more ??= world.ledger.submit(wire);
    },
  });
  await more;
  expect(parts.at(-1)).toBe(1);
  expect(await verifyLedger(backup)).toMatchObject({ entries: 2, domain: world.ledger.genesis.domain });
  expect(await world.ledger.verify()).toMatchObject({ entries: 3 });
  expect(await failure(world.ledger.backup(backup))).toMatchObject({ code: 'LEDGER_EXISTS' });
});

test('leaves nothing of a backup that is stopped', async () => {
  await using world = await ledgerWorld();
  const backup = `${world.path}.backup`;
  const abort = new AbortController();
  const reason = new Error('enough');
  const stopped = world.ledger.backup(backup, { signal: abort.signal, onProgress: () => abort.abort(reason) });
  expect(await failure(stopped)).toBe(reason);
  expect([backup, `${backup}-partial`].filter(existsSync)).toEqual([]);
});

test('restores a backup, which readers who saw more refuse', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const backup = `${world.path}.backup`;
  await world.ledger.backup(backup);
  const log = await collect(world.ledger.entries());
  await world.ledger.submit(await world.request(1));
  const { cursor } = await world.ledger.head();
  expect(await failure(restoreLedger(backup, world.path, { replace: true }))).toBeInstanceOf(LedgerLockedError);
  await world.ledger[Symbol.asyncDispose]();
  expect(await failure(restoreLedger(backup, world.path))).toBeInstanceOf(LedgerPathError);
  expect(await restoreLedger(backup, world.path, { replace: true })).toMatchObject({ entries: 2 });
  await world.reopen();
  expect(await collect(world.ledger.entries())).toEqual(log);
  expect(await failure(collect(world.ledger.entries({ after: cursor })))).toBeInstanceOf(LedgerRewrittenError);
  await world.ledger.submit(await world.request(2));
  expect(await failure(collect(world.ledger.entries({ after: cursor })))).toBeInstanceOf(LedgerRewrittenError);
  expect(await world.ledger.verify()).toMatchObject({ entries: 3 });
});

test('an old copy put over the ledger by hand is noticed at opening', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const backup = `${world.path}.backup`;
  await world.ledger.backup(backup);
  await world.ledger.submit(await world.request(1));
  await world.ledger[Symbol.asyncDispose]();
  writeFileSync(world.path, readFileSync(backup));
  expect(await failure(world.open())).toBeInstanceOf(LedgerCorruptError);
  expect(await failure(world.open({ readOnly: true }))).toBeInstanceOf(LedgerCorruptError);
});

test('a new file takes nothing in that an older one of its name has left', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const [backup, other] = [`${world.path}.backup`, `${world.path}.other`];
  await world.ledger.backup(backup);
  // As a writer leaves them that was killed.
  for (const path of [backup, other])
    for (const suffix of ['-wal', '-head']) copyFileSync(`${world.path}${suffix}`, `${path}${suffix}`);
  rmSync(backup);
  await world.ledger.submit(await world.request(1));
  await world.ledger.backup(backup);
  expect(await verifyLedger(backup)).toMatchObject({ entries: 3 });
  await createLedger({ path: other, authority });
  expect(await verifyLedger(other)).toMatchObject({ entries: 0 });
});

test('says of a file of another version what it is', async () => {
  await using world = await ledgerWorld();
  await world.ledger[Symbol.asyncDispose]();
  const database = new DatabaseSync(world.path);
  database.exec('PRAGMA user_version=1; ALTER TABLE commits RENAME TO checkpoint');
  database.close();
  const backup = `${world.path}.backup`;
  expect(await failure(backupLedger(world.path, backup))).toBeInstanceOf(WrongLedgerError);
  expect(existsSync(backup)).toBe(false);
});

test('leaves nothing of a backup that can not be put in its place', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const backup = join(world.folder, 'backup');
  mkdirSync(`${backup}-wal`);
  expect(await failure(world.ledger.backup(backup))).toBeInstanceOf(LedgerUnavailableError);
  expect(readdirSync(world.folder).filter((name) => name.startsWith('backup'))).toEqual(['backup-wal']);
});
