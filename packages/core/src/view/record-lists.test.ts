import { type Hex, recordId } from '@medseal/protocol';
import { beforeEach, expect, it } from 'vitest';
import { type Person, SmallWorld, start, testWord } from '../../test/small-world.ts';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import type { GrantView } from './facts.ts';
import { encodeRecordList, listScope, type RecordList } from '../seal/record-list.ts';
import { covers } from './covers.ts';
import { grantFacts } from './grant-state.ts';
import { LedgerView } from './ledger-view.ts';
import { readersOf } from './readers.ts';
import { usedOutsideList } from './used-outside-list.ts';

const compartment = testWord(50);
const headerDigest = testWord(51);
const salt = new Uint8Array(32).fill(3);

let world: SmallWorld;
let patient: Person;
let doctor: Person;
let view: LedgerView;
let records: readonly Hex[];
let list: RecordList;

/** Three records of one compartment, and a grant of the first two. */
beforeEach(async () => {
  world = new SmallWorld();
  patient = await world.person('patient');
  doctor = await world.person('doctor', ['provider']);
  view = new LedgerView(world.ledger);
  const parts = { owner: patient.id, compartment, epoch: 1, level: 'low', payloadDigest: testWord(52) } as const;
  const salts = [1, 2, 3].map(testWord);
  for (const of of salts)
    await world.act(doctor, { type: 'anchorRecord', ...parts, headerDigest, content: testWord(53), salt: of });
  records = salts.map((of) => recordId({ ...parts, author: doctor.id, salt: of }));
  list = { salt, records: records.slice(0, 2).toSorted() };
  const terms = { keyVersion: 1, level: 'low', newData: false, until: start + 100, consent: testWord(56) } as const;
  const to = { patient: patient.id, request: testWord(9), grantee: doctor.id, scope: listScope(list) };
  await world.act(patient, { type: 'grantAccess', ...to, ...terms });
  await view.sync();
});

function given(): GrantView {
  const grant = view.grant(patient.id, testWord(9));
  if (grant === undefined) throw new Error('no grant');
  return grant;
}

function readers(): readonly number[] {
  return records.map((id) => readersOf(view, id).length);
}

it('covers nothing by a list that the view was not told, and its records once it was', () => {
  expect(readers()).toEqual([1, 1, 1]);
  expect(grantFacts(view, given()).records).toBeUndefined();
  expect(view.learnRecords(encodeRecordList(list))).toBe(given().scope);
  expect(readers()).toEqual([2, 2, 1]);
  expect(grantFacts(view, given())).toMatchObject({ records: list.records, standing: true });
});

it('takes no other list for the grant’s', () => {
  const all = { salt, records: records.toSorted() };
  const resalted = { ...list, salt: new Uint8Array(32).fill(4) };
  for (const other of [all, resalted]) expect(view.learnRecords(encodeRecordList(other))).not.toBe(given().scope);
  expect(() => view.learnRecords(encodeRecordList(list).subarray(1))).toThrow(MalformedObjectError);
  expect(readers()).toEqual([1, 1, 1]);
});

it('covers a listed record of the patient’s own, within the level, anchored before the grant', () => {
  view.learnRecords(encodeRecordList(list));
  const record = view.record(records[0] ?? '0x');
  if (record === undefined) throw new Error('no record');
  expect(covers(view, given(), record)).toBe(true);
  expect(covers(view, given(), { ...record, owner: doctor.id })).toBe(false);
  expect(covers(view, given(), { ...record, level: 'moderate' })).toBe(false);
  expect(covers(view, given(), { ...record, index: given().index + 1 })).toBe(false);
});

it('marks entries from the log alone: readers who know the list and readers who do not agree', async () => {
  const knowing = new LedgerView(world.ledger);
  knowing.learnRecords(encodeRecordList(list));
  for (const [index, record] of records.entries()) {
    const use = { patient: patient.id, grant: testWord(9), record, headerDigest, actingPerson: testWord(index) };
    await world.act(doctor, { type: 'useAccess', ...use });
  }
  await Promise.all([view.sync(), knowing.sync()]);
  const marks = (of: LedgerView): unknown => of.entries.map(({ holder, unchecked }) => [holder, unchecked]);
  expect(marks(knowing)).toEqual(marks(view));
  const uses = view.entries.slice(-3);
  expect(uses.map(({ unchecked }) => unchecked.at(-1))).toEqual(Array.from({ length: 3 }, () => 'OUT_OF_SCOPE'));
  // What the marks leave open, who knows the list can tell.
  expect(uses.map((entry) => usedOutsideList(knowing, entry))).toEqual([false, false, true]);
  expect(view.entries.map((entry) => usedOutsideList(view, entry))).toEqual(view.entries.map(() => undefined));
});
