import { type Hex, recordId, signCommand } from '@medseal/protocol';
import { beforeEach, expect, it } from 'vitest';
import { type Person, SmallWorld, start, testWord } from '../../test/small-world.ts';
import type { Receipt } from '../ports/ledger.ts';
import type { ViewEntry } from './facts.ts';
import { grantState } from './grant-state.ts';
import { LedgerView } from './ledger-view.ts';
import { liveGrants, readersOf } from './readers.ts';

const compartment = testWord(50);
const headerDigest = testWord(51);

let world: SmallWorld;
let patient: Person;
let other: Person;
let doctor: Person;
let view: LedgerView;

beforeEach(async () => {
  world = new SmallWorld();
  patient = await world.person('patient');
  other = await world.person('other');
  doctor = await world.person('doctor', ['provider']);
  view = new LedgerView(world.ledger);
  await view.sync();
});

/** What the view says of the entries of these commands, which memory takes in the order given. */
async function seen(...receipts: readonly Promise<Receipt>[]): Promise<readonly (readonly string[])[]> {
  await Promise.all(receipts);
  const from = view.entries.length;
  await view.sync();
  return view.entries.slice(from).map(({ holder }: ViewEntry) => holder);
}

/** The doctor anchors; each salt is a record of its own. */
function anchor(epoch: number, salt: number): Promise<Receipt> {
  return world.act(doctor, { type: 'anchorRecord', ...partsOf(epoch, salt), headerDigest, content: testWord(53) });
}

function partsOf(epoch: number, salt: number) {
  const digests = { payloadDigest: testWord(52), salt: testWord(salt) };
  return { owner: patient.id, compartment, epoch, level: 'low', ...digests } as const;
}

function idOf(epoch: number, salt: number): Hex {
  return recordId({ ...partsOf(epoch, salt), author: doctor.id });
}

function grant(number: number, { keyVersion = 1, scope = compartment } = {}): Promise<Receipt> {
  const to = { patient: patient.id, request: testWord(number), grantee: doctor.id, keyVersion, scope };
  const terms = { level: 'low', newData: true, until: start + 100, consent: testWord(56) } as const;
  return world.act(patient, { type: 'grantAccess', ...to, ...terms });
}

function revoke(number: number): Promise<Receipt> {
  return world.act(patient, { type: 'revokeAccess', patient: patient.id, grant: testWord(number) });
}

/** A use of grant 1, each a command of its own. */
function use(record: Hex, header: Hex = headerDigest): Promise<Receipt> {
  const what = { patient: patient.id, grant: testWord(1), record, headerDigest: header };
  return world.act(doctor, { type: 'useAccess', ...what, actingPerson: testWord(uses++) });
}

let uses = 0;

function supersede(by: Person, previous: number, next: number, record: Hex = idOf(1, 1)): Promise<Receipt> {
  const headers = { previousHeader: testWord(previous), headerDigest: testWord(next) };
  return world.act(by, { type: 'supersedeRecord', patient: by.id, record, ...headers });
}

function erase(by: Person, reason: number, record: Hex = idOf(1, 1)): Promise<Receipt> {
  return world.act(by, { type: 'eraseRecord', patient: by.id, record, reason: testWord(reason) });
}

const otherScope = testWord(60);

function epochs(): readonly number[] {
  return [compartment, otherScope].map((tag) => view.epoch(patient.id, tag));
}

it('counts the epoch of a compartment by the revocations of its grants', async () => {
  await seen(grant(1), grant(2), grant(3, { scope: otherScope }));
  await seen(world.act(patient, { type: 'denyAccess', patient: patient.id, request: testWord(4) }));
  expect(epochs()).toEqual([1, 1]);
  await seen(revoke(1));
  expect(epochs()).toEqual([2, 1]);
  await seen(revoke(3), revoke(2));
  expect(epochs()).toEqual([3, 2]);
  expect(view.epoch(doctor.id, compartment)).toBe(1);
});

it('honours no anchor of another epoch than the present one at its place in the log', async () => {
  expect(await seen(anchor(1, 1), grant(1), grant(2), revoke(2))).toEqual([[], [], [], []]);
  const old = idOf(1, 2);
  const early = idOf(3, 4);
  expect(await seen(anchor(1, 2), anchor(2, 3), anchor(3, 4))).toEqual([['STALE_EPOCH'], [], ['STALE_EPOCH']]);
  expect(view.record(old) ?? view.record(early)).toBeUndefined();
  expect(await seen(use(old), use(idOf(2, 3)), use(early))).toEqual([['UNKNOWN_RECORD'], [], ['UNKNOWN_RECORD']]);
  expect(await seen(use(idOf(1, 1)))).toEqual([[]]);
  await seen(revoke(1));
  world.time += 1;
  expect(await seen(anchor(1, 1), anchor(3, 4))).toEqual([['DUPLICATE_RECORD', 'STALE_EPOCH'], []]);
  expect([...view.records()].map(({ id }) => id)).toEqual([idOf(1, 1), idOf(2, 3), early]);
});

it('follows the headers of a record, and honours its owner alone', async () => {
  const record = idOf(1, 1);
  await seen(anchor(1, 1), grant(1));
  expect(await seen(supersede(patient, 51, 70))).toEqual([[]]);
  expect(view.record(record)).toMatchObject({ headerDigest: testWord(70), erased: false, anchor: { headerDigest } });
  expect(await seen(supersede(patient, 51, 71))).toEqual([['STALE_HEADER']]);
  expect(await seen(supersede(other, 70, 71))).toEqual([['UNKNOWN_RECORD']]);
  expect(await seen(supersede(patient, 70, 71, idOf(1, 9)))).toEqual([['UNKNOWN_RECORD']]);
  expect(view.record(record)?.headerDigest).toBe(testWord(70));
  expect(await seen(use(record), use(record, testWord(70)))).toEqual([['UNKNOWN_RECORD'], []]);
});

it('counts a repeated supersession once', async () => {
  const { domain } = world.ledger.genesis;
  const fields = { type: 'supersedeRecord', patient: patient.id, record: idOf(1, 1) } as const;
  const rest = { actor: patient.id, validUntil: start + 60 };
  const headers = { previousHeader: headerDigest, headerDigest: testWord(70) };
  const wire = await signCommand({ ...fields, ...headers, ...rest }, domain, patient.signer);
  await seen(anchor(1, 1));
  world.ledger.relay(wire);
  await seen(supersede(patient, 70, 51));
  world.ledger.relay(wire);
  expect(await seen()).toEqual([[]]);
  expect(view.entries.at(-1)?.repeat).toBe(true);
  expect(view.record(idOf(1, 1))?.headerDigest).toBe(headerDigest);
});

it('keeps a record erased for ever, by its owner alone', async () => {
  const record = idOf(1, 1);
  await seen(anchor(1, 1), grant(1));
  expect(await seen(erase(other, 1), erase(patient, 1, idOf(1, 9)))).toEqual([['UNKNOWN_RECORD'], ['UNKNOWN_RECORD']]);
  expect(view.record(record)?.erased).toBe(false);
  expect(readersOf(view, record)).toHaveLength(2);
  expect(await seen(erase(patient, 2))).toEqual([[]]);
  expect(view.record(record)?.erased).toBe(true);
  expect(readersOf(view, record)).toEqual([]);
  expect(await seen(erase(patient, 3))).toEqual([[]]);
  expect(await seen(supersede(patient, 51, 70))).toEqual([['RECORD_ERASED']]);
  expect(await seen(use(record))).toEqual([['RECORD_ERASED']]);
  world.time += 1;
  expect(await seen(anchor(1, 1))).toEqual([['DUPLICATE_RECORD']]);
  expect(view.record(record)).toMatchObject({ headerDigest, erased: true });
});

it('takes the key document of a rotation, which ends the grants to the old keys', async () => {
  await seen(grant(1));
  const [given] = liveGrants(view);
  const attested = view.keyDocument(patient.id);
  await seen(world.act(doctor, { type: 'rotateKeys', keyDocument: testWord(77), expectedKeyVersion: 1 }));
  expect(view.keyDocument(doctor.id)).toBe(testWord(77));
  expect(view.keyDocument(patient.id)).toBe(attested);
  expect(view.participant(doctor.id)).toMatchObject({ status: 'active', version: 1, keyVersion: 2 });
  expect(given && grantState(view, given, start)).toBe('keys changed');
  expect(liveGrants(view)).toEqual([]);
  await seen(grant(2, { keyVersion: 2 }));
  expect(liveGrants(view).map(({ id }) => id)).toEqual([testWord(2)]);
});
