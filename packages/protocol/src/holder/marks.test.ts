import { expect, test } from 'vitest';
import { alice, bob, doctor, hashOf, now } from '../../test/world.ts';
import { markAnchor, markReport, markUse, noMarks } from './marks.ts';
import type { GrantFacts, RecordFacts } from './release.ts';

const grant: GrantFacts = {
  patient: alice.address,
  grantee: doctor.address,
  scope: hashOf('compartment'),
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
  time: now,
  index: 5,
};

const headerDigest = hashOf('header');
const unchecked = ['STALE_EPOCH', 'NO_TICKET', 'BAD_STANZA'];

test('a use within its grant is honoured as far as the log can tell', () => {
  expect(markUse({ headerDigest, grant, record })).toEqual({ holder: [], unchecked });
});

test('a use of an unknown record or header is not honoured', () => {
  const unknown = { holder: ['UNKNOWN_RECORD'], unchecked };
  expect(markUse({ headerDigest, grant, record: undefined })).toEqual(unknown);
  expect(markUse({ headerDigest: hashOf('other'), grant, record })).toEqual(unknown);
  expect(markUse({ headerDigest, grant: undefined, record })).toEqual({ holder: [], unchecked });
});

test('a use out of scope is not honoured; a scope that may be a list of records is left to who has the header', () => {
  const outside = { holder: ['OUT_OF_SCOPE'], unchecked };
  expect(markUse({ headerDigest, grant, record: { ...record, owner: bob.address } })).toEqual(outside);
  expect(markUse({ headerDigest, grant, record: { ...record, index: 11 } })).toEqual(outside);
  expect(markUse({ headerDigest, grant: { ...grant, newData: true }, record: { ...record, index: 11 } })).toEqual({
    holder: [],
    unchecked,
  });
  expect(markUse({ headerDigest, grant: { ...grant, scope: hashOf('root') }, record })).toEqual({
    holder: [],
    unchecked: [...unchecked, 'OUT_OF_SCOPE'],
  });
});

test('a use above the level of its grant is not honoured', () => {
  expect(markUse({ headerDigest, grant, record: { ...record, level: 'private' } }).holder).toEqual(['LEVEL_EXCEEDED']);
  expect(markUse({ headerDigest, grant, record: { ...record, level: 'low' } }).holder).toEqual([]);
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
