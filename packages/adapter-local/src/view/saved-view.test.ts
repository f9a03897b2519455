import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ledger, LedgerView, memoryLedger } from '@medseal/core';
import {
  type Address,
  fromHex,
  toHex,
  type Hex,
  memorySigner,
  noOrganisation,
  recoverSigner,
  signCommand,
} from '@medseal/protocol';
import { expect, it } from 'vitest';
import { testFolder } from '../../test/test-folder.ts';
import { sqliteViewStore } from './sqlite-view-store.ts';

const official = memorySigner(new Uint8Array(32).fill(100));
const now = 1_800_000_000;
const PEOPLE = 20;

function word(number: number): Hex {
  return `0x${number.toString(16).padStart(64, '0')}`;
}

async function ledgerOfMany(): Promise<Ledger> {
  const authority = { threshold: 1, keys: [official.address] };
  const ledger = memoryLedger({ authority, clock: () => now });
  for (let number = 1; number <= PEOPLE; number++) {
    const person = memorySigner(fromHex(word(number)));
    const attested = { participant: person.address, keyDocument: word(number), organisation: noOrganisation };
    const rest = { roles: ['patient'], clearance: 'low', person: word(number), validUntil: now + 60 } as const;
    const command = { type: 'register', ...attested, ...rest } as const;
    await ledger.submit(await signCommand(command, ledger.genesis.domain, official, person));
  }
  return ledger;
}

it('a view in SQLite is there again, and never another one, wherever the file was damaged', async () => {
  await using folder = await testFolder();
  const path = join(folder.path, 'view');
  const ledger = await ledgerOfMany();
  const faults: unknown[] = [];
  let checked = 0;
  // Which signatures are checked is what matters here, not how.
  const known = new Map<string, Address | undefined>();
  const open = async (): Promise<LedgerView> => {
    await using store = sqliteViewStore(path);
    const view = new LedgerView(ledger, {
      store,
      onStoreFault: (error) => faults.push(error),
      recover: (digest, signature) => {
        checked += 1;
        const key = toHex(signature);
        if (!known.has(key)) known.set(key, recoverSigner(digest, signature));
        return known.get(key);
      },
    });
    await view.sync();
    return view;
  };
  const honest = await open();
  expect([honest.entries.length, checked]).toEqual([PEOPLE, 2 * PEOPLE]);
  checked = 0;
  expect((await open()).logDigest).toEqual(honest.logDigest);
  expect(checked).toBe(0);

  const file = await readFile(path);
  let found = 0;
  for (let at = 200; at < file.length; at += 1777) {
    const damaged = Buffer.from(file);
    damaged.fill(damaged.readUInt8(at) ^ 0xff, at, at + 4);
    await writeFile(path, damaged);
    faults.length = 0;
    const view = await open().catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      return undefined;
    });
    if (view !== undefined) expect(view.logDigest).toEqual(honest.logDigest);
    if (view === undefined || faults.length > 0) found += 1;
  }
  expect(found).toBeGreaterThan(3);
});

it('a sealed list in SQLite is there again after a start', async () => {
  await using folder = await testFolder();
  const path = join(folder.path, 'view');
  const ledger = await ledgerOfMany();
  const sealed = new Uint8Array(40_000).fill(7);
  {
    await using store = sqliteViewStore(path);
    const view = new LedgerView(ledger, { store });
    await view.sync();
    await view.keepSealedList(word(1), sealed);
  }
  await using store = sqliteViewStore(path);
  const view = new LedgerView(ledger, { store });
  await view.resume();
  expect([view.entries.length, view.sealedLists(word(1)), view.sealedLists(word(2))]).toEqual([PEOPLE, [sealed], []]);
});
