import type fs from 'node:fs';
import { copyFileSync, fdatasync, fdatasyncSync, fstatSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { LedgerUnavailableError, UnknownSubmissionError } from '@medseal/core/adapter';
import { cosign, ed25519WitnessSigner, witnessVerifier } from '@medseal/core/tlog';
import { type CommandId, verifyCommand } from '@medseal/protocol';
import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import {
  collect,
  doctor,
  ledgerWorld,
  type LedgerWorld,
  patient,
  registration,
  START,
} from '../../../test/ledger-world.ts';
import { failure, testFolder } from '../../../test/test-folder.ts';
import { localLedger } from '../local-ledger.ts';

type Fs = typeof fs;
type Done = (error: NodeJS.ErrnoException | null) => void;

const real = vi.hoisted((): { fs?: Fs } => ({}));
vi.mock('node:fs', async (original) => {
  real.fs = await original<Fs>();
  return { ...real.fs, fdatasync: vi.fn<Fs['fdatasync']>(), fdatasyncSync: vi.fn<Fs['fdatasyncSync']>() };
});

const syncElsewhere = vi.mocked(fdatasync as (file: number, done: Done) => void);
const syncHere = vi.mocked(fdatasyncSync);
const outage = Object.assign(new Error('i/o error'), { code: 'EIO' });
/** PRAGMA synchronous with which SQLite syncs each commit itself. */
const FULL = 2;
const witness = ed25519WitnessSigner({ name: 'witness.example', secretKey: new Uint8Array(32).fill(5) });
const witnesses = [witnessVerifier(witness.verifierKey)];

beforeEach(asOnThisDisk);

function asOnThisDisk(): void {
  syncHere.mockReset().mockImplementation((file) => real.fs?.fdatasyncSync(file));
  syncElsewhere.mockReset().mockImplementation((file, done) => real.fs?.fdatasync(file, done));
}

/** A ledger with two people, on a disk whose syncs take some milliseconds. */
async function onSlowDisk(): Promise<LedgerWorld> {
  const world = await ledgerWorld();
  syncHere.mockImplementation((file) => {
    real.fs?.fdatasyncSync(file);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3);
  });
  syncElsewhere.mockImplementation((file, done) => setTimeout(() => real.fs?.fdatasync(file, done), 3));
  // Its first sync takes place here, and shows how slow the disk is.
  await world.populate();
  syncHere.mockClear();
  syncElsewhere.mockClear();
  return world;
}

function idOf(wire: Uint8Array, { ledger }: LedgerWorld): CommandId | undefined {
  const verified = verifyCommand(wire, ledger.genesis, { signatures: 'assume' });
  return 'id' in verified ? verified.id : undefined;
}

/** The next sync on another thread lasts until `end`. */
function heldSync(): { readonly begun: Promise<void>; readonly end: () => void } {
  const begun = Promise.withResolvers<void>();
  let held = (): void => undefined;
  syncElsewhere.mockImplementationOnce((file, done) => {
    held = () => real.fs?.fdatasync(file, done);
    begun.resolve();
  });
  return { begun: begun.promise, end: () => held() };
}

test('tells nobody of a commit before it is on the disk', async () => {
  await using world = await onSlowDisk();
  const { ledger } = world;
  const [wire, before] = [await world.request(1), ledger.checkpoint()];
  const { submission, sync } = { submission: ledger.submit(wire), sync: heldSync() };
  await sync.begun;
  let told = false;
  void submission.then(() => (told = true));
  await setImmediate();
  const id = idOf(wire, world) ?? '0x';
  expect(told).toBe(false);
  expect(await collect(ledger.entries())).toHaveLength(2);
  expect((await ledger.head()).cursor).toMatch(/^1\./);
  expect(ledger.checkpoint()).toBe(before);
  expect(await failure(ledger.submission(id).committed())).toBeInstanceOf(UnknownSubmissionError);
  expect(await failure(ledger.prove(id))).toBeInstanceOf(UnknownSubmissionError);
  sync.end();
  expect(await (await submission).committed()).toMatchObject({ id });
  expect(await collect(ledger.entries())).toHaveLength(3);
  expect(await ledger.prove(id)).toBeInstanceOf(Uint8Array);
});

test('whoever reads a commit that nobody was told of syncs it, once', async () => {
  await using world = await onSlowDisk();
  await using reader = await world.open({ readOnly: true });
  expect(await collect(reader.entries())).toHaveLength(2);
  expect(syncHere).not.toHaveBeenCalled();
  const sync = heldSync();
  const submission = world.ledger.submit(await world.request(1));
  await sync.begun;
  expect(await collect(reader.entries())).toHaveLength(3);
  expect(await collect(reader.entries())).toHaveLength(3);
  expect(syncHere).toHaveBeenCalledOnce();
  expect(await world.ledger.verify({ signatures: 'assume' })).toMatchObject({ entries: 3 });
  expect(syncHere).toHaveBeenCalledTimes(2);
  await world.ledger.backup(join(world.folder, 'backup'));
  expect(syncHere).toHaveBeenCalledTimes(3);
  sync.end();
  await submission;
});

test('what comes during a sync shares the next', async () => {
  await using world = await onSlowDisk();
  const sync = heldSync();
  const first = world.ledger.submit(await world.request(1));
  await sync.begun;
  // One of them is on its way already: it is known only when it is durable.
  const others = await Promise.all([1, 2, 3, 4].map((n) => world.request(n)));
  const submissions = others.map((wire) => world.ledger.submit(wire));
  await setImmediate();
  sync.end();
  const receipts = await Promise.all([first, ...submissions].map(async (one) => (await one).committed()));
  expect(receipts.map(({ cursor }) => Number(cursor.split('.')[0]))).toEqual([2, 2, 3, 4, 5]);
  expect(syncElsewhere).toHaveBeenCalledTimes(2);
  expect(syncHere).not.toHaveBeenCalled();
});

test('closing waits for what is being written, and tells the others', async () => {
  await using world = await onSlowDisk();
  const sync = heldSync();
  const wire = await world.request(1);
  const first = world.ledger.submit(wire);
  await sync.begun;
  const second = world.ledger.submit(await world.request(2));
  await setImmediate();
  const closing = world.ledger[Symbol.asyncDispose]();
  expect(await failure(second)).toBeInstanceOf(LedgerUnavailableError);
  sync.end();
  expect(await first).toMatchObject({ id: idOf(wire, world) });
  await closing;
  expect(await collect((await world.reopen()).entries())).toHaveLength(3);
});

test.for(['here', 'elsewhere'])('writes nothing more once a sync %s has failed', async (where) => {
  await using world = where === 'here' ? await ledgerWorld() : await onSlowDisk();
  const { domain } = world.ledger.genesis;
  const before = await collect(world.ledger.entries());
  // The first sync of a ledger takes place here, whatever the disk.
  if (where === 'here')
    syncHere.mockImplementationOnce(() => {
      throw outage;
    });
  else syncElsewhere.mockImplementationOnce((_, done) => done(outage));
  const people = [patient, doctor].map((who) => registration(who, domain, START + 600));
  const wires = before.length === 0 ? await Promise.all(people) : [await world.request(1), await world.request(2)];
  const [first = new Uint8Array(), second = new Uint8Array()] = wires;
  expect(await failure(world.ledger.submit(first))).toMatchObject({ code: 'LEDGER_UNAVAILABLE', cause: outage });
  expect(await failure(world.ledger.submit(second))).toBeInstanceOf(LedgerUnavailableError);
  expect(await collect(world.ledger.entries())).toEqual(before);
  await using reader = await world.open({ readOnly: true });
  expect(await collect(reader.entries())).toHaveLength(before.length + 1);
  // Opened anew, it has what the disk has.
  const again = await world.reopen();
  const receipts = await Promise.all(wires.map(async (wire) => (await again.submit(wire)).committed()));
  expect(receipts.map(({ cursor }) => Number(cursor.split('.')[0]) - before.length)).toEqual([0, 1]);
});

test('a cosignature is on the disk before anybody sees it, and leaves the sync of a batch alone', async () => {
  await using world = await onSlowDisk();
  const { ledger } = world;
  const note = ledger.checkpoint();
  const sync = heldSync();
  const submission = ledger.submit(await world.request(1));
  await sync.begun;
  using exec = vi.spyOn(DatabaseSync.prototype, 'exec');
  const levels: unknown[] = [];
  exec.mockImplementation(function noteLevel(this: DatabaseSync, sql) {
    if (sql === 'COMMIT') levels.push(this.prepare('PRAGMA synchronous').get()?.['synchronous']);
    this.prepare(sql).run();
  });
  const cosigned = ledger.addCosignature(`${note}${cosign(note, witness, START)}`, witnesses);
  const level = levels.at(-1);
  sync.end();
  await submission;
  expect(level).toBe(FULL);
  expect(syncHere).not.toHaveBeenCalled();
  expect(ledger.cosigned()).toEqual([cosigned]);
  await ledger.submit(await world.request(2));
  expect(levels.at(-1)).not.toBe(FULL);
});

test('takes no cosignature once a sync has failed', async () => {
  await using world = await onSlowDisk();
  const note = world.ledger.checkpoint();
  syncElsewhere.mockImplementationOnce((_, done) => done(outage));
  expect(await failure(world.ledger.submit(await world.request(1)))).toBeInstanceOf(LedgerUnavailableError);
  const add = (): string => world.ledger.addCosignature(`${note}${cosign(note, witness, START)}`, witnesses);
  expect(add).toThrow(LedgerUnavailableError);
  expect(world.ledger.cosigned()).toEqual([]);
});

test('what was acknowledged is in what was synced, were the power cut at any moment', async () => {
  const groups = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });
  await fc.assert(fc.asyncProperty(groups, fc.boolean(), cutsOfPower), { seed: 5, numRuns: 6 });
});

/** Sends groups of commands, and looks what was synced when the first and the last of each were acknowledged. */
async function cutsOfPower(groups: readonly number[], quick: boolean): Promise<void> {
  asOnThisDisk();
  await using world = quick ? await ledgerWorld() : await onSlowDisk();
  if (quick) await world.populate();
  const { path, ledger } = world;
  let synced = readFileSync(`${path}-wal`);
  const noteSyncs = (file: number): (() => void) => {
    if (fstatSync(file).ino !== statSync(`${path}-wal`).ino) return () => undefined;
    const written = readFileSync(`${path}-wal`);
    return () => (synced = written);
  };
  const here = syncHere.getMockImplementation();
  syncHere.mockImplementation((file) => {
    const done = noteSyncs(file);
    here?.(file);
    done();
  });
  const elsewhere = syncElsewhere.getMockImplementation();
  syncElsewhere.mockImplementation((file, done) => {
    const note = noteSyncs(file);
    elsewhere?.(file, (error) => {
      note();
      done(error);
    });
  });
  let n = 0;
  for (const size of groups) {
    const wires = await Promise.all(Array.from({ length: size }, () => world.request(n++)));
    const acknowledged = wires.map(async (wire) => ({ ...(await (await ledger.submit(wire)).committed()), synced }));
    await requireThere(path, await Promise.all([acknowledged[0], acknowledged.at(-1)]));
  }
  if (!quick) expect(syncElsewhere).toHaveBeenCalled();
}

type Acknowledged = { readonly cursor: string; readonly synced: Uint8Array } | undefined;

async function requireThere(path: string, acknowledged: readonly Acknowledged[]): Promise<void> {
  for (const entry of acknowledged) {
    await using folder = await testFolder();
    const copy = join(folder.path, 'ledger');
    for (const suffix of ['', '-key']) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`);
    writeFileSync(`${copy}-wal`, entry?.synced ?? new Uint8Array());
    await using left = await localLedger({ path: copy, readOnly: true });
    expect((await collect(left.entries())).map(({ cursor }) => cursor)).toContain(entry?.cursor);
  }
}
