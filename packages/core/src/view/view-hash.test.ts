import { keccak_256 } from '@noble/hashes/sha3.js';
import { expect, test } from 'vitest';
import { SmallWorld } from '../../test/small-world.ts';
import { LedgerView } from './ledger-view.ts';

test('a view hashes commands with the Keccak-256 that it was given', async () => {
  const world = new SmallWorld();
  await world.person('patient');
  let hashes = 0;
  const view = new LedgerView(world.ledger, {
    keccak256: (bytes) => {
      hashes += 1;
      return keccak_256(bytes);
    },
  });
  await view.sync();
  expect([view.entries.length, hashes]).toEqual([1, 2]);
  for await (const { wire } of world.ledger.entries()) view.explain(wire);
  expect(hashes).toBe(4);
});

test('a view that hashes otherwise takes what was signed for forged', async () => {
  const world = new SmallWorld();
  await world.person('patient');
  const view = new LedgerView(world.ledger, { keccak256: () => new Uint8Array(32) });
  await expect(view.sync()).rejects.toMatchObject({ code: 'LEDGER_DIVERGED' });
});
