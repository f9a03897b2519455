import { emptyLogDigest, extendLogDigest, type LedgerCode } from '@medseal/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { countedRecovery } from '../../test/counted-ledger.ts';
import { type ViewDesk, viewDesk } from '../../test/view-desk.ts';
import { Ward } from '../../test/ward.ts';
import { LedgerUnavailableError } from '../errors/ledger-errors.ts';
import { StoreUnavailableError } from '../errors/store-errors.ts';
import { memoryViewStore } from '../memory/memory-view-store.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import type { ViewStore } from '../ports/view-store.ts';
import { LedgerView } from './ledger-view.ts';
import { encodeCheckpoint, parseCheckpoint, type SavedPlace } from './saved-log-codec.ts';
import { decodeSavedRow, encodeSavedEntry, extendBeside } from './saved-row.ts';

let desk: ViewDesk;
beforeEach(async () => {
  desk = await viewDesk();
  await desk.ward.grant(desk.patient, desk.doctor, 100);
  await desk.ward.deposit(desk.doctor, desk.patient);
});

async function saved(): Promise<Uint8Array[]> {
  return Array.fromAsync(desk.store.load());
}

/** Puts other contents into the store. */
async function replace(entries: readonly Uint8Array[], checkpoint: Uint8Array | undefined): Promise<void> {
  await desk.store.clear();
  if (checkpoint !== undefined) await desk.store.append(0, entries, checkpoint);
}

function placeOf(entries: readonly LedgerEntry[]): SavedPlace {
  const digest = entries.reduce<Uint8Array>((last, entry) => extendLogDigest(last, entry), emptyLogDigest);
  const beside = entries.reduce<Uint8Array>((last, entry) => extendBeside(last, { entry }), emptyLogDigest);
  return { length: entries.length, digest, rows: entries.length, beside, vouchers: [] };
}

function decodeSavedEntry(row: Uint8Array): LedgerEntry {
  const decoded = decodeSavedRow(row);
  if (!('entry' in decoded)) throw new TypeError('The row is no entry');
  return decoded.entry;
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.with(at, (bytes[at] ?? 0) ^ 1);
}

describe('a view that was saved', () => {
  it('resumes without the ledger and without checking signatures', async () => {
    const first = desk.open();
    await first.sync();
    desk.ledger.failure = new LedgerUnavailableError('down');
    const recovery = countedRecovery();
    const second = desk.open({ recover: recovery.recover });
    await second.resume();
    expect(recovery.calls).toBe(0);
    expect(second.entries).toEqual(first.entries);
    expect([second.logDigest, second.clock, second.cursor]).toEqual([first.logDigest, first.clock, first.cursor]);
    expect([...second.grants(), ...second.records()]).toHaveLength(2);
    expect(second.age).toBe(Infinity);
    await expect(second.sync()).rejects.toBe(desk.ledger.failure);
    expect(desk.faults).toEqual([]);
  });

  it('reads from the ledger what came since, and checks its signatures', async () => {
    await desk.open().sync();
    await desk.ward.ask(desk.doctor, desk.patient, 10);
    desk.ledger.read = 0;
    const recovery = countedRecovery();
    const view = desk.open({ recover: recovery.recover });
    await view.sync();
    // The last one saved is read again: the ledger must still have it.
    expect([desk.ledger.read, recovery.calls, view.entries.length]).toEqual([2, 1, 5]);
    expect(await saved()).toHaveLength(5);
    await desk.ward.ask(desk.doctor, desk.patient, 10);
    await view.sync();
    expect([desk.ledger.read, recovery.calls, (await saved()).length]).toEqual([3, 2, 6]);
  });

  it('still refuses a forged entry from the ledger', async () => {
    await desk.open().sync();
    const log = await Array.fromAsync(desk.ward.world.ledger.entries());
    const last = log.at(-1);
    if (last === undefined) throw new TypeError('The log is empty');
    desk.ledger.log = [...log, { ...last, cursor: '9', wire: flipped(last.wire, last.wire.length - 10) }];
    await expect(desk.open().sync()).rejects.toMatchObject({ code: 'LEDGER_DIVERGED', index: 4 });
  });

  it('refuses a ledger that has lost or changed what was saved', async () => {
    await desk.open().sync();
    const log = await Array.fromAsync(desk.ward.world.ledger.entries());
    desk.ledger.log = log.slice(0, -1);
    await expect(desk.open().sync()).rejects.toMatchObject({ code: 'LEDGER_REWRITTEN' });
    const [last] = log.slice(-1);
    if (last === undefined) throw new TypeError('The log is empty');
    desk.ledger.log = log.with(log.length - 1, { ...last, time: last.time + 1 });
    await expect(desk.open().sync()).rejects.toMatchObject({ code: 'LEDGER_REWRITTEN' });
  });

  it('finds every torn or altered store, and reads everything from the ledger again', async () => {
    const honest = desk.open();
    await honest.sync();
    const [rows, checkpoint] = [await saved(), await desk.store.checkpoint()];
    if (checkpoint === undefined) throw new TypeError('Nothing was saved');
    const damages: (() => Promise<void>)[] = [
      () => replace(rows.slice(0, -1), checkpoint),
      () => replace([], checkpoint),
      () => replace(rows.toReversed(), checkpoint),
      () => replace(rows, checkpoint.slice(1)),
      () => replace(rows, new Uint8Array()),
    ];
    for (const [index, row] of rows.entries())
      // Kind, cursor and its length, length of the entry, time, outcome, first and last byte of the command.
      for (const at of [0, 4, 5, 9, 14, 15, 16, row.length - 1])
        damages.push(() => replace(rows.with(index, flipped(row, at)), checkpoint));
    for (let at = 0; at < checkpoint.length; at++) {
      const domain = at > 0 && at <= 32;
      if (!domain) damages.push(() => replace(rows, flipped(checkpoint, at)));
    }
    for (const damage of damages) {
      await damage();
      desk.faults = [];
      const recovery = countedRecovery();
      const view = desk.open({ recover: recovery.recover });
      await view.sync();
      expect(view.logDigest).toEqual(honest.logDigest);
      expect(desk.faults).toMatchObject([{ code: 'VIEW_STORE_DAMAGED' }]);
      expect(recovery.calls).toBe(rows.length + 2);
      expect(await saved()).toEqual(rows);
    }
  });

  it('believes no forgery under a key that the forger does not know', async () => {
    const storeKey = new Uint8Array(32).fill(1);
    await desk.open({ storeKey }).sync();
    const forge = async (key: Uint8Array | undefined): Promise<void> => {
      const entries = (await saved()).map(decodeSavedEntry);
      const forged = entries.map((entry) => ({ ...entry, wire: flipped(entry.wire, entry.wire.length - 10) }));
      await replace(forged.map(encodeSavedEntry), encodeCheckpoint(desk.ledger.genesis.domain, placeOf(forged), key));
    };
    for (const key of [undefined, new Uint8Array(32)]) {
      await forge(key);
      desk.faults = [];
      const recovery = countedRecovery();
      await desk.open({ storeKey, recover: recovery.recover }).sync();
      expect(desk.faults).toMatchObject([{ code: 'VIEW_STORE_DAMAGED' }]);
      expect(recovery.calls).toBeGreaterThan(0);
    }
    // What is not authenticated is believed: hence the key.
    await forge(undefined);
    const believing = desk.open();
    await believing.resume();
    expect(believing.entries).toHaveLength(4);
  });

  it('discards what does not follow from the rules, and is of no further use', async () => {
    await desk.open().sync();
    const entries = (await saved()).map(decodeSavedEntry);
    const violation: LedgerCode = 'NO_GRANT';
    const lies = entries.map((entry, index) => (index === 2 ? { ...entry, violation } : entry));
    await replace(lies.map(encodeSavedEntry), encodeCheckpoint(desk.ledger.genesis.domain, placeOf(lies), undefined));
    const view = desk.open();
    for (let again = 0; again < 2; again++)
      await expect(view.sync()).rejects.toMatchObject({ code: 'VIEW_STORE_DAMAGED' });
    const next = desk.open();
    await next.sync();
    expect(next.entries).toHaveLength(4);
  });

  it('is of no further use either where the store cannot even be cleared', async () => {
    await desk.open().sync();
    const entries = (await saved()).map(decodeSavedEntry);
    const violation: LedgerCode = 'NO_GRANT';
    const lies = entries.map((entry, index) => (index === 2 ? { ...entry, violation } : entry));
    await replace(lies.map(encodeSavedEntry), encodeCheckpoint(desk.ledger.genesis.domain, placeOf(lies), undefined));
    const down = new StoreUnavailableError('down');
    const stuck = Object.assign(Object.create(desk.store) as ViewStore, { clear: () => Promise.reject(down) });
    const view = desk.open({ store: stuck });
    for (let again = 0; again < 2; again++)
      await expect(view.sync()).rejects.toMatchObject({ code: 'VIEW_STORE_DAMAGED' });
    expect(view.entries).toHaveLength(2);
    expect(desk.faults).toEqual([down]);
  });

  it('leaves the store of another ledger alone', async () => {
    await desk.open().sync();
    const before = await saved();
    const other = new Ward().world.ledger;
    const genesis = { ...other.genesis, domain: `0x${'12'.repeat(32)}` as const };
    const elsewhere = Object.assign(Object.create(other) as typeof other, { genesis });
    await expect(new LedgerView(elsewhere, { store: desk.store }).sync()).rejects.toMatchObject({
      code: 'WRONG_LEDGER',
    });
    expect(await saved()).toEqual(before);
  });

  it('goes on when who is told of a fault throws', async () => {
    const full = Object.assign(memoryViewStore(), { append: () => Promise.reject(new Error('full')) });
    const onStoreFault = (error: unknown): void => {
      desk.faults.push(error);
      throw error;
    };
    const view = desk.open({ store: full, onStoreFault });
    await view.sync();
    await view.sync();
    expect([view.entries.length, desk.faults.length]).toEqual([4, 1]);
  });

  it('goes on without saving when that fails, and says so', async () => {
    const full = Object.assign(memoryViewStore(), { append: () => Promise.reject(new Error('full')) });
    const view = desk.open({ store: full });
    await view.sync();
    await desk.ward.ask(desk.doctor, desk.patient, 10);
    await view.sync();
    expect(view.entries).toHaveLength(5);
    expect(desk.faults).toMatchObject([{ message: 'full' }]);
  });

  it('shares a store with another: one of them saves', async () => {
    const [one, two] = [desk.open(), desk.open()];
    await Promise.all([one.sync(), two.sync()]);
    await desk.ward.ask(desk.doctor, desk.patient, 10);
    await Promise.all([one.sync(), two.sync()]);
    expect(await saved()).toHaveLength(5);
    const third = desk.open();
    await third.resume();
    expect(third.logDigest).toEqual(one.logDigest);
    expect(desk.faults).toEqual([]);
  });

  it('says in its checkpoint how far it goes', async () => {
    const view = desk.open();
    await view.sync();
    const checkpoint = await desk.store.checkpoint();
    const place = checkpoint && parseCheckpoint(checkpoint, undefined);
    expect(place).toMatchObject({ domain: desk.ledger.genesis.domain, length: 4, digest: view.logDigest });
  });
});
