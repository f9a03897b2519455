import { expect, test } from 'vitest';
import { alice, bob, doctor, hashOf, now } from '../../test/world.ts';
import { markAnchor, markErasure, markReport, markSupersession, markUse, noMarks } from './marks.ts';
import type { GrantFacts, RecordFacts } from './release.ts';

const grant: GrantFacts = {
  patient: alice.address,
  grantee: doctor.address,
  scope: hashOf('compartment'),
  records: undefined,
  level: 'moderate',
  newData: false,
  until: now + 1,
  index: 10,
  standing: true,
};

const record: RecordFacts = {
  owner: alice.address,
  author: bob.address,
  compartment: hashOf('compartment'),
  epoch: 0,
  level: 'moderate',
  headerDigest: hashOf('header'),
  erased: false,
  time: now,
  index: 5,
};

const headerDigest = hashOf('header');
const recordId = hashOf('record');
const unchecked = ['STALE_EPOCH', 'NO_TICKET', 'BAD_STANZA'];

test('a use within its grant is honoured as far as the log can tell', () => {
  expect(markUse({ recordId, headerDigest, grant, record })).toEqual({ holder: [], unchecked });
});

test('a use of an unknown record or header is not honoured', () => {
  const unknown = { holder: ['UNKNOWN_RECORD'], unchecked };
  expect(markUse({ recordId, headerDigest, grant, record: undefined })).toEqual(unknown);
  expect(markUse({ recordId, headerDigest: hashOf('other'), grant, record })).toEqual(unknown);
  expect(markUse({ recordId, headerDigest, grant: undefined, record })).toEqual({ holder: [], unchecked });
});

test('a use out of scope is not honoured; a scope that may be a list of records is left to who has the header', () => {
  const outside = { holder: ['OUT_OF_SCOPE'], unchecked };
  expect(markUse({ recordId, headerDigest, grant, record: { ...record, owner: bob.address } })).toEqual(outside);
  expect(markUse({ recordId, headerDigest, grant, record: { ...record, index: 11 } })).toEqual(outside);
  expect(
    markUse({ recordId, headerDigest, grant: { ...grant, newData: true }, record: { ...record, index: 11 } }),
  ).toEqual({
    holder: [],
    unchecked,
  });
  expect(markUse({ recordId, headerDigest, grant: { ...grant, scope: hashOf('root') }, record })).toEqual({
    holder: [],
    unchecked: [...unchecked, 'OUT_OF_SCOPE'],
  });
});

test('a use under a list is decided where the list is known', () => {
  const listed = { ...grant, scope: hashOf('root'), records: [hashOf('other'), recordId] };
  const marked = (change: object, of: typeof record = record): unknown =>
    markUse({ recordId, headerDigest, grant: { ...listed, ...change }, record: of });
  expect(marked({})).toEqual({ holder: [], unchecked });
  expect(marked({ records: [hashOf('other')] })).toEqual({ holder: ['OUT_OF_SCOPE'], unchecked });
  expect(marked({ records: [] })).toEqual({ holder: ['OUT_OF_SCOPE'], unchecked });
  expect(marked({}, { ...record, index: 11 })).toEqual({ holder: ['OUT_OF_SCOPE'], unchecked });
  expect(marked({}, { ...record, owner: bob.address })).toEqual({ holder: ['OUT_OF_SCOPE'], unchecked });
});

test('a use above the level of its grant is not honoured', () => {
  expect(markUse({ recordId, headerDigest, grant, record: { ...record, level: 'private' } }).holder).toEqual([
    'LEVEL_EXCEEDED',
  ]);
  expect(markUse({ recordId, headerDigest, grant, record: { ...record, level: 'low' } }).holder).toEqual([]);
});

test('a use of an erased record is not honoured', () => {
  const erased = { ...record, erased: true };
  expect(markUse({ recordId, headerDigest, grant, record: erased })).toEqual({ holder: ['RECORD_ERASED'], unchecked });
  expect(markUse({ recordId, headerDigest, grant: undefined, record: erased }).holder).toEqual(['RECORD_ERASED']);
  expect(markUse({ recordId, headerDigest: hashOf('other'), grant, record: erased }).holder).toEqual([
    'UNKNOWN_RECORD',
    'RECORD_ERASED',
  ]);
});

test('a new header takes the place of the present one, of the patient’s own record that stands', () => {
  const supersession = { patient: alice.address, previousHeader: headerDigest, record };
  const erased = { ...record, erased: true };
  const marked = (change: Partial<Parameters<typeof markSupersession>[0]>): unknown =>
    markSupersession({ ...supersession, ...change }).holder;
  expect(markSupersession(supersession)).toEqual(noMarks);
  expect(marked({ record: undefined })).toEqual(['UNKNOWN_RECORD']);
  expect(marked({ patient: bob.address })).toEqual(['UNKNOWN_RECORD']);
  expect(marked({ patient: bob.address, record: erased })).toEqual(['UNKNOWN_RECORD']);
  expect(marked({ record: erased })).toEqual(['RECORD_ERASED']);
  expect(marked({ record: erased, previousHeader: hashOf('other') })).toEqual(['RECORD_ERASED']);
  expect(marked({ previousHeader: hashOf('other') })).toEqual(['STALE_HEADER']);
});

test('a patient erases her own record, also again', () => {
  expect(markErasure({ patient: alice.address, record })).toEqual(noMarks);
  expect(markErasure({ patient: alice.address, record: { ...record, erased: true } })).toEqual(noMarks);
  expect(markErasure({ patient: bob.address, record }).holder).toEqual(['UNKNOWN_RECORD']);
  expect(markErasure({ patient: alice.address, record: undefined }).holder).toEqual(['UNKNOWN_RECORD']);
});

test('the first anchor of an id counts, in the present epoch of its compartment', () => {
  const anchor = { known: false, epoch: 2, presentEpoch: 2 };
  const ticket = { unchecked: ['NO_TICKET'] };
  expect(markAnchor(anchor)).toEqual({ holder: [], ...ticket });
  expect(markAnchor({ ...anchor, known: true })).toEqual({ holder: ['DUPLICATE_RECORD'], ...ticket });
  for (const epoch of [1, 3]) expect(markAnchor({ ...anchor, epoch })).toEqual({ holder: ['STALE_EPOCH'], ...ticket });
  expect(markAnchor({ known: true, epoch: 1, presentEpoch: 2 }).holder).toEqual(['DUPLICATE_RECORD', 'STALE_EPOCH']);
});

test('a report must concern her who makes it', () => {
  expect(markReport(true)).toEqual(noMarks);
  expect(markReport(false)).toEqual({ holder: ['UNFOUNDED'], unchecked: [] });
});
