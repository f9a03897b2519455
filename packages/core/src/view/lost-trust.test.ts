import { emptyLogDigest, extendLogDigest } from '@medseal/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CountedLedger, countedLedger, countedRecovery } from '../../test/counted-ledger.ts';
import { testSigner } from '../../test/small-world.ts';
import { Ward } from '../../test/ward.ts';
import { LedgerUnavailableError } from '../errors/ledger-errors.ts';
import { memoryViewStore } from '../memory/memory-view-store.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import type { ViewStore } from '../ports/view-store.ts';
import type { ViewEntry } from './facts.ts';
import { LedgerView } from './ledger-view.ts';
import type { LedgerViewOptions } from './ledger-view-options.ts';
import { parseCheckpoint } from './saved-log-codec.ts';
import { signSnapshot } from './snapshot.ts';

const [hospital, board] = [testSigner(40), testSigner(41)];
const byHospital = { snapshots: [], signers: [hospital.address] };

let ledger: CountedLedger;
let log: readonly LedgerEntry[];
let store: ViewStore;
let faults: unknown[];

/** Five entries that two signatures stand under, for people, and one, for the rest. */
beforeEach(async () => {
  const ward = new Ward();
  const patient = await ward.world.person('patient');
  const doctor = await ward.world.person('doctor', ['provider']);
  await ward.grant(patient, doctor, 100);
  await ward.deposit(doctor, patient);
  await ward.ask(doctor, patient, 10);
  ledger = countedLedger(ward.world.ledger);
  log = await Array.fromAsync(ward.world.ledger.entries());
  store = memoryViewStore();
  faults = [];
});

/** What this signer says of the first entries of a log, whether he has checked them or not. */
function snapshotOf(entries: readonly LedgerEntry[], signer = hospital): Promise<Uint8Array> {
  const logDigest = entries.reduce<Uint8Array>((last, entry) => extendLogDigest(last, entry), emptyLogDigest);
  const { cursor, time: clock = 0 } = entries.at(-1) ?? {};
  const claimed = { genesis: ledger.genesis, entries: entries.map(() => ({}) as ViewEntry), cursor, logDigest, clock };
  return signSnapshot(claimed, signer);
}

/** Fills the store under the hospital's snapshot of the first entries. */
async function fill(length: number, shown = log): Promise<void> {
  ledger.log = shown;
  const trust = { ...byHospital, snapshots: [await snapshotOf(shown.slice(0, length))] };
  await open({ trust }).view.sync();
  ledger.log = undefined;
}

function open(options: LedgerViewOptions = {}): { readonly view: LedgerView; readonly checked: () => number } {
  const recovery = countedRecovery();
  const all = { store, recover: recovery.recover, onStoreFault: (error: unknown) => faults.push(error), ...options };
  return { view: new LedgerView(ledger, all), checked: () => recovery.calls };
}

/** How many signatures a view checks that is opened on the store, without the ledger. */
async function checkedOffline(trust?: LedgerViewOptions['trust']): Promise<number> {
  ledger.failure = new LedgerUnavailableError('down');
  const { view, checked } = open({ trust });
  await view.resume();
  ledger.failure = undefined;
  expect(view.entries).toHaveLength(5);
  return checked();
}

async function vouchers(): Promise<unknown> {
  return parseCheckpoint((await store.checkpoint()) ?? new Uint8Array(), undefined).vouchers;
}

describe('a store that was filled under a snapshot', () => {
  it('says so, and is believed while its signer is trusted, also without the snapshot', async () => {
    await fill(4);
    expect(await vouchers()).toEqual([{ signer: hospital.address, length: 4 }]);
    expect(await checkedOffline(byHospital)).toBe(0);
  });

  it('has its signatures checked once when nobody is trusted who vouched for it', async () => {
    await fill(4);
    expect(await checkedOffline({ snapshots: [], signers: [board.address] })).toBe(6);
    expect(await vouchers()).toEqual([]);
    expect(await checkedOffline()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('has only those checked that nobody else vouches for', async () => {
    await fill(4);
    const trust = { snapshots: [await snapshotOf(log.slice(0, 3), board)], signers: [board.address] };
    expect(await checkedOffline(trust)).toBe(1);
    expect(await vouchers()).toEqual([{ signer: board.address, length: 3 }]);
    expect(await checkedOffline({ snapshots: [], signers: [board.address] })).toBe(0);
    expect(await checkedOffline(byHospital)).toBe(5);
  });

  it('rests on somebody else as well where his snapshot agrees', async () => {
    await fill(3);
    const trust = { snapshots: [await snapshotOf(log, board)], signers: [board.address] };
    expect(await checkedOffline(trust)).toBe(0);
    expect(await vouchers()).toEqual([{ signer: board.address, length: 5 }]);
  });

  it('is as if it never was when its signer has lied, once he is no longer trusted', async () => {
    const forged = log.map((entry, index) => (index === 3 ? withOtherSignature(entry) : entry));
    await fill(4, forged);
    expect(await checkedOffline(byHospital)).toBe(0);
    ledger.log = forged;
    await expect(open().view.sync()).rejects.toMatchObject({ code: 'VIEW_STORE_DAMAGED' });
    expect(await store.checkpoint()).toBeUndefined();
    await expect(open().view.sync()).rejects.toMatchObject({ code: 'LEDGER_DIVERGED', index: 3 });
    ledger.log = undefined;
    await store.clear();
    const { view, checked } = open();
    await view.sync();
    expect([view.entries.length, checked()]).toEqual([5, 7]);
  });

  it('says so before it holds anything that was not checked', async () => {
    const kept: unknown[] = [];
    const watched: ViewStore = Object.assign(Object.create(store) as ViewStore, {
      append: (at: number, entries: readonly Uint8Array[], checkpoint: Uint8Array) => {
        kept.push(parseCheckpoint(checkpoint, undefined).vouchers);
        return store.append(at, entries, checkpoint);
      },
    });
    const trust = { ...byHospital, snapshots: [await snapshotOf(log.slice(0, 2))] };
    await open({ store: watched, trust }).view.sync();
    expect(kept.length).toBeGreaterThan(0);
    for (const vouched of kept) expect(vouched).toEqual([{ signer: hospital.address, length: 2 }]);
  });

  it('is checked further on when what was saved of the check could not be', async () => {
    await fill(4);
    const full = Object.assign(Object.create(store) as ViewStore, { append: () => Promise.reject(new Error('full')) });
    const { view, checked } = open({ store: full });
    await view.resume();
    expect([checked(), faults.length]).toEqual([6, 1]);
    expect(await checkedOffline()).toBe(6);
  });
});

it('a view tells on whose word it rests, and signs no snapshot while that is so', async () => {
  const { view } = open({ trust: { ...byHospital, snapshots: [await snapshotOf(log.slice(0, 3))] } });
  expect(view.vouchers).toEqual([]);
  await view.sync();
  expect(view.vouchers).toEqual([hospital.address]);
  await expect(signSnapshot(view, board)).rejects.toThrow(RangeError);
  const again = open({ trust: byHospital }).view;
  await again.resume();
  expect(again.vouchers).toEqual([hospital.address]);
  await expect(signSnapshot(again, board)).rejects.toThrow(RangeError);
  const checked = open().view;
  await checked.resume();
  expect(checked.vouchers).toEqual([]);
  expect(await signSnapshot(checked, board)).toBeInstanceOf(Uint8Array);
});

it('a store that was filled without snapshots rests on nobody, whoever is trusted later', async () => {
  await open().view.sync();
  const trust = { snapshots: [await snapshotOf(log)], signers: [hospital.address] };
  expect(await checkedOffline(trust)).toBe(0);
  expect(await vouchers()).toEqual([]);
  expect(await checkedOffline()).toBe(0);
});

function withOtherSignature(entry: LedgerEntry): LedgerEntry {
  const at = entry.wire.length - 10;
  return { ...entry, wire: entry.wire.with(at, (entry.wire[at] ?? 0) ^ 1) };
}
