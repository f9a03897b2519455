import { existsSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifyLedger } from '../src/ledger/checking/verify-ledger.ts';
import { bundleFixture } from './bundled-fixture.ts';
import { killProgram } from './child.ts';
import { ledgerWorld } from './ledger-world.ts';
import { testFolder } from './test-folder.ts';

const KILLS = 24;

it(`a ledger that is made anew is there whole or not at all when that is killed ${KILLS} times`, async () => {
  await using world = await ledgerWorld();
  await using programs = await testFolder();
  const program = join(programs.path, 'rebuild.mjs');
  await bundleFixture('rebuild-ledger.ts', program);
  const tiles = join(world.folder, 'tiles');
  const ledger = await world.reopen({ publish: { directory: tiles } });
  await world.populate();
  for (let n = 0; n < 60; n++) {
    world.at.seconds += 1;
    world.at.monotonic += 1000;
    await ledger.submit(await world.request(n));
  }
  await ledger[Symbol.asyncDispose]();
  const before = await verifyLedger(world.path, { threads: 0 });
  const whole = join(programs.path, 'whole');
  await copyFile(world.path, whole);
  const outcomes = new Set<string>();
  for (let kill = 0; kill < KILLS; kill++) {
    // By turns over nothing, and in the place of the ledger that is there.
    for (const part of ['', '-wal', '-shm', '-head']) await rm(world.path + part, { force: true });
    if (kill % 2 === 1) await copyFile(whole, world.path);
    const said = await killProgram([program, tiles, world.path], (kill * 37) % 400);
    const isThere = existsSync(world.path);
    outcomes.add(`${isThere ? 'there' : 'not there'}, ${said.at(-1)}`);
    if (isThere) expect(await verifyLedger(world.path, { threads: 0, signatures: 'assume' })).toEqual(before);
    else expect(kill % 2).toBe(0);
  }
  expect([...outcomes]).toEqual(expect.arrayContaining(['not there, begun', 'there, begun']));
  expect(await killProgram([program, tiles, world.path], 60_000)).toEqual(['begun', 'done']);
  expect(await verifyLedger(world.path, { threads: 0 })).toEqual(before);
}, 120_000);
