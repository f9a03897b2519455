import { LedgerView } from '@medseal/core';
import { LedgerRewrittenError } from '@medseal/core/adapter';
import { expect, test } from 'vitest';
import { ledgerWorld } from '../../../test/ledger-world.ts';
import { failure } from '../../../test/test-folder.ts';
import { sqliteViewStore } from '../../view/sqlite-view-store.ts';
import { restoreLedger } from './restore-ledger.ts';

test('a view that saw more refuses a restored ledger, also when that has grown as long again', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const backup = `${world.path}.backup`;
  await world.ledger.backup(backup);
  await world.ledger.submit(await world.request(1));
  const now = (): number => world.at.seconds;
  const open = (): LedgerView => new LedgerView(world.ledger, { now, store: sqliteViewStore(`${world.folder}/view`) });
  const before = open();
  await before.sync();
  expect(before.entries).toHaveLength(3);
  await world.ledger[Symbol.asyncDispose]();
  await restoreLedger(backup, world.path, { replace: true });
  await world.reopen();
  expect(await failure(open().sync())).toBeInstanceOf(LedgerRewrittenError);
  await world.ledger.submit(await world.request(2));
  expect(await failure(open().sync())).toBeInstanceOf(LedgerRewrittenError);
  await world.ledger.submit(await world.request(3));
  expect(await failure(open().sync())).toBeInstanceOf(LedgerRewrittenError);
  await new LedgerView(world.ledger, { now }).sync();
});
