import { join } from 'node:path';
import { LedgerUnavailableError } from '@medseal/core/adapter';
import { toHex } from '@medseal/protocol';
import { expect, it } from 'vitest';
import { LocalLedger, localLedger } from '../src/ledger/local-ledger.ts';
import { openParts } from '../src/ledger/open-ledger.ts';
import { bundleFixture, runWriter } from './bundled-fixture.ts';
import { authority, collect, doctor, patient, registration, request, START } from './ledger-world.ts';
import { smallDisk } from './small-disk.ts';
import { failure, testFolder } from './test-folder.ts';

const VALID_UNTIL = START + 600;
const clocks = { threads: 0, clock: () => START, monotonic: () => 0 };
const creation = { create: true, authority, maxBatch: 8, ...clocks };

async function populate(ledger: LocalLedger): Promise<void> {
  for (const who of [patient, doctor]) await ledger.submit(await registration(who, ledger.genesis.domain, VALID_UNTIL));
}

function requests(ledger: LocalLedger, count: number): Promise<readonly Uint8Array[]> {
  return Promise.all(Array.from({ length: count }, (_, n) => request(n, ledger.genesis.domain, VALID_UNTIL)));
}

/** Submits all at once; gives those that were acknowledged. Whatever is refused must be told as an outage. */
async function submitAll(ledger: LocalLedger, wires: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
  const ends = await Promise.allSettled(wires.map((wire) => ledger.submit(wire)));
  for (const end of ends) if (end.status === 'rejected') expect(end.reason).toBeInstanceOf(LedgerUnavailableError);
  return wires.filter((_, i) => ends[i]?.status === 'fulfilled');
}

async function expectLog(ledger: LocalLedger, wires: readonly Uint8Array[]): Promise<void> {
  const log = (await collect(ledger.entries())).slice(2);
  expect(log.map(({ wire }) => toHex(wire)).toSorted()).toEqual(wires.map(toHex).toSorted());
  expect(await ledger.verify({ signatures: 'assume' })).toMatchObject({ entries: wires.length + 2 });
}

it('writes whole batches or nothing when SQLite may not grow the file, and goes on when it may', async () => {
  await using folder = await testFolder();
  const options = { path: join(folder.path, 'ledger'), ...creation };
  const parts = await openParts(options);
  await using ledger = new LocalLedger(parts, options);
  await populate(ledger);
  const { database } = parts.file;
  const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
  database.exec(`PRAGMA max_page_count=${pages + 3}`);
  const wires = await requests(ledger, 80);
  const acknowledged = await submitAll(ledger, wires);
  expect(acknowledged.length).toBeLessThan(80);
  await expectLog(ledger, acknowledged);
  database.exec('PRAGMA max_page_count=1000000');
  expect(await submitAll(ledger, wires)).toHaveLength(80);
  await expectLog(ledger, wires);
});

it('loses nothing on a full disk, and goes on when there is room', async () => {
  await using disk = await smallDisk(2_000);
  if (disk === undefined) return expect(process.getuid?.()).not.toBe(0);
  await using ledger = await localLedger({ path: join(disk.path, 'ledger'), ...creation });
  await populate(ledger);
  const wires = await requests(ledger, 80);
  let acknowledged: readonly Uint8Array[];
  {
    await using held = new AsyncDisposableStack();
    held.use(await disk.fill());
    acknowledged = await submitAll(ledger, wires);
    expect(acknowledged.length).toBeLessThan(80);
    expect((await collect(ledger.entries())).length).toBe(acknowledged.length + 2);
    const path = join(disk.path, 'other');
    expect(await failure(localLedger({ path, ...creation }))).toBeInstanceOf(LedgerUnavailableError);
  }
  await expectLog(ledger, acknowledged);
  expect(await submitAll(ledger, wires)).toHaveLength(80);
  await expectLog(ledger, wires);
});

it('takes a disk that became read-only for an outage', async () => {
  await using disk = await smallDisk(4_000);
  if (disk === undefined) return expect(process.getuid?.()).not.toBe(0);
  const path = join(disk.path, 'ledger');
  const options = { path, ...creation };
  const before = await localLedger(options);
  await populate(before);
  const wires = await requests(before, 4);
  await before[Symbol.asyncDispose]();
  {
    await using held = new AsyncDisposableStack();
    held.use(await disk.makeReadOnly());
    expect(await failure(localLedger(options))).toBeInstanceOf(LedgerUnavailableError);
  }
  await using ledger = await localLedger(options);
  expect(await submitAll(ledger, wires)).toHaveLength(4);
  await expectLog(ledger, wires);
});

it('has one writer among processes, and the next when that one dies', async () => {
  await using folder = await testFolder();
  const path = join(folder.path, 'ledger');
  const program = join(folder.path, 'writer.mjs');
  await bundleFixture('ledger-writer.ts', program);
  const refusals: unknown[] = [];
  const onLine = async (line: string): Promise<void> => {
    if (line === 'open') refusals.push(await failure(localLedger({ path, ...clocks })));
  };
  await runWriter({ program, path, first: 0, kill: { after: 'ack', ms: 50 }, onLine });
  expect(refusals).toEqual([expect.objectContaining({ code: 'LEDGER_LOCKED', path })]);
  await using ledger = await localLedger({ path, ...clocks });
  expect((await collect(ledger.entries())).length).toBeGreaterThan(2);
});
