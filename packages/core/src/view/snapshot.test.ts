import { emptyLogDigest, extendLogDigest } from '@medseal/protocol';
import { beforeEach, expect, it } from 'vitest';
import { type CountedLedger, countedLedger, countedRecovery } from '../../test/counted-ledger.ts';
import { type Person, testSigner } from '../../test/small-world.ts';
import { Ward } from '../../test/ward.ts';
import { memoryViewStore } from '../memory/memory-view-store.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import type { ViewEntry } from './facts.ts';
import { LedgerView } from './ledger-view.ts';
import { signSnapshot, verifySnapshot } from './snapshot.ts';

const hospital = testSigner(40);
const signers = [hospital.address];

let ward: Ward;
let patient: Person;
let doctor: Person;
let ledger: CountedLedger;
let log: LedgerEntry[];
let snapshot: Uint8Array;

beforeEach(async () => {
  ward = new Ward();
  patient = await ward.world.person('patient');
  doctor = await ward.world.person('doctor', ['provider']);
  await ward.grant(patient, doctor, 100);
  ledger = countedLedger(ward.world.ledger);
  const view = new LedgerView(ledger);
  await view.sync();
  snapshot = await signSnapshot(view, hospital);
  await ward.ask(doctor, patient, 10);
  log = await Array.fromAsync(ward.world.ledger.entries());
});

it('tells domain, length, cursor, digest, time and signer', async () => {
  const view = new LedgerView(ledger, { trust: { snapshots: [snapshot], signers } });
  const { domain } = ledger.genesis;
  const read = verifySnapshot(snapshot, { domain, signers });
  expect(read).toMatchObject({ domain, length: 3, cursor: '2', time: ward.world.time, signer: hospital.address });
  await view.sync();
  ledger.log = log.slice(0, 3);
  const shorter = new LedgerView(ledger);
  await shorter.sync();
  expect(read.digest).toEqual(shorter.logDigest);
  await expect(signSnapshot(new LedgerView(ledger), hospital)).rejects.toThrow(RangeError);
});

it('is refused when altered, of another ledger, or by somebody who is not trusted', () => {
  const { domain } = ledger.genesis;
  for (let at = 0; at < snapshot.length; at++) {
    const altered = snapshot.with(at, (snapshot[at] ?? 0) ^ 1);
    expect(() => verifySnapshot(altered, { domain, signers }), `byte ${at}`).toThrow(
      expect.objectContaining({ medseal: true }),
    );
  }
  for (const length of [0, 64, snapshot.length - 1])
    expect(() => verifySnapshot(snapshot.slice(0, length), { domain, signers })).toThrow(
      expect.objectContaining({ medseal: true }),
    );
  const elsewhere = { domain: `0x${'12'.repeat(32)}`, signers } as const;
  expect(() => verifySnapshot(snapshot, elsewhere)).toThrow(expect.objectContaining({ failed: 'domain' }));
  const untrusted = { trust: { snapshots: [snapshot], signers: [patient.id] } };
  expect(() => new LedgerView(ledger, untrusted)).toThrow(expect.objectContaining({ failed: 'signer' }));
});

it('spares the signatures up to it, and no further', async () => {
  const recovery = countedRecovery();
  const view = new LedgerView(ledger, {
    trust: { snapshots: [snapshot], signers },
    recover: recovery.recover,
  });
  await view.sync();
  expect([recovery.calls, view.entries.length]).toEqual([1, 4]);
  const careful = new LedgerView(ledger);
  await careful.sync();
  expect(view.logDigest).toEqual(careful.logDigest);
  expect(view.entries).toEqual(careful.entries);
});

it('of another log is a divergence, and nothing of that log is taken', async () => {
  const [, second] = log;
  if (second === undefined) throw new TypeError('The log is short');
  ledger.log = log.with(1, { ...second, wire: second.wire.with(40, (second.wire[40] ?? 0) ^ 1) });
  const view = new LedgerView(ledger, { trust: { snapshots: [snapshot], signers } });
  for (let again = 0; again < 2; again++)
    await expect(view.sync()).rejects.toMatchObject({ code: 'LEDGER_DIVERGED', index: 2 });
  expect(view.entries).toEqual([]);
});

it('of a longer log than the ledger shows stops the view', async () => {
  ledger.log = log.slice(0, 2);
  const view = new LedgerView(ledger, { trust: { snapshots: [snapshot], signers } });
  await expect(view.sync()).rejects.toMatchObject({ code: 'LEDGER_REWRITTEN' });
  expect(view.entries).toEqual([]);
  ledger.log = log;
  await view.sync();
  expect(view.entries).toHaveLength(4);
});

it('spares nothing where the rules are broken', async () => {
  const [, , third] = log;
  if (third === undefined) throw new TypeError('The log is short');
  ledger.log = [...log.slice(0, 2), { ...third, violation: 'NO_GRANT' }];
  // What somebody signs who does not run the rules.
  const logDigest = ledger.log.reduce((last, entry) => extendLogDigest(last, entry), emptyLogDigest);
  const entries = ledger.log.map(() => ({}) as ViewEntry);
  const claimed = { genesis: ledger.genesis, entries, cursor: third.cursor, logDigest, clock: third.time };
  const trust = { snapshots: [await signSnapshot(claimed, hospital)], signers };
  await expect(new LedgerView(ledger, { trust }).sync()).rejects.toMatchObject({ code: 'LEDGER_DIVERGED' });
});

it('that differs from what was saved makes the view read the ledger again', async () => {
  const store = memoryViewStore();
  const faults: unknown[] = [];
  await new LedgerView(ledger, { store }).sync();
  const other = new Ward();
  await other.world.person('patient');
  await other.world.person('nurse', ['patient']);
  const view = new LedgerView(other.world.ledger);
  await view.sync();
  // Same domain, another log.
  const trust = { snapshots: [await signSnapshot(view, hospital)], signers };
  const doubting = new LedgerView(ledger, { store, trust, onStoreFault: (error) => faults.push(error) });
  await expect(doubting.sync()).rejects.toMatchObject({ code: 'LEDGER_DIVERGED' });
  expect(faults).toMatchObject([{ code: 'VIEW_STORE_DAMAGED' }]);
});
