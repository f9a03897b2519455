import { describe, expect, it, test } from 'vitest';
import { alice, bob, doctor, hashOf, now, stranger } from '../../test/world.ts';
import type { HolderCode } from '../rejections.ts';
import { refuseRelease, type ReleaseFacts, releaseRules } from './release.ts';

type Facts<K extends keyof ReleaseFacts> = NonNullable<ReleaseFacts[K]>;

const use: Facts<'use'> = {
  time: now,
  actor: doctor.address,
  patient: alice.address,
  grant: hashOf('grant'),
  record: hashOf('record'),
  headerDigest: hashOf('header'),
  applied: true,
};

const grant: Facts<'grant'> = {
  patient: alice.address,
  grantee: doctor.address,
  scope: hashOf('compartment'),
  records: undefined,
  level: 'moderate',
  newData: false,
  until: now + 1_000,
  index: 10,
  standing: true,
};

const record: Facts<'record'> = {
  owner: alice.address,
  author: bob.address,
  compartment: hashOf('compartment'),
  epoch: 3,
  level: 'moderate',
  headerDigest: hashOf('header'),
  erased: false,
  time: now - 1_000,
  index: 5,
};

const ticket: Facts<'ticket'> = {
  patient: alice.address,
  author: bob.address,
  compartment: hashOf('compartment'),
  epoch: 3,
  level: 'moderate',
  delegatingKey: hashOf('key'),
  until: now,
};

const fragment: Facts<'fragment'> = {
  grant: hashOf('grant'),
  compartment: hashOf('compartment'),
  epoch: 3,
  level: 'moderate',
  delegatingKey: hashOf('key'),
};

const good: ReleaseFacts = {
  use,
  grant,
  record,
  ticket,
  fragment,
  header: { record: hashOf('record'), digest: hashOf('header') },
  stanzaProven: true,
  now,
  ledgerTime: now,
  viewAge: 0,
  finalityDelay: 12,
};

const other = hashOf('other');
/** A grant of a list, which names the record. */
const listed = { ...grant, scope: hashOf('root'), records: [other, hashOf('record')] };

/** Each way to make one rule fail and none before it. */
const faults: readonly (readonly [HolderCode, string, Partial<ReleaseFacts>])[] = [
  ['NO_USE', 'no use', { use: undefined }],
  ['NO_USE', 'a violation', { use: { ...use, applied: false } }],
  ['STALE', 'a use of 73 seconds ago', { now: now + 73 }],
  ['STALE', 'a view 61 seconds old', { viewAge: 61 }],
  ['NOT_LIVE', 'no grant', { grant: undefined }],
  ['NOT_LIVE', 'a grant that does not stand', { grant: { ...grant, standing: false } }],
  ['NOT_LIVE', 'another’s grant', { grant: { ...grant, grantee: stranger.address } }],
  ['NOT_LIVE', 'another patient’s grant', { grant: { ...grant, patient: bob.address } }],
  ['NOT_LIVE', 'ended by the holder’s clock', { grant: { ...grant, until: now + 5 }, now: now + 5 }],
  ['NOT_LIVE', 'ended by the ledger’s clock', { grant: { ...grant, until: now + 5 }, ledgerTime: now + 5 }],
  ['UNKNOWN_RECORD', 'no anchor', { record: undefined }],
  ['UNKNOWN_RECORD', 'another record’s header', { header: { ...good.header, record: other } }],
  ['UNKNOWN_RECORD', 'a header that was not used', { use: { ...use, headerDigest: other } }],
  ['UNKNOWN_RECORD', 'a header that was not anchored', { record: { ...record, headerDigest: other } }],
  ['UNKNOWN_RECORD', 'a changed header', { header: { ...good.header, digest: other } }],
  ['RECORD_ERASED', 'an erased record', { record: { ...record, erased: true } }],
  ['OUT_OF_SCOPE', 'another owner’s record', { record: { ...record, owner: bob.address } }],
  ['OUT_OF_SCOPE', 'another compartment', { record: { ...record, compartment: other } }],
  ['OUT_OF_SCOPE', 'another scope', { grant: { ...grant, scope: other } }],
  ['OUT_OF_SCOPE', 'a record not on the list', { grant: { ...listed, records: [other] } }],
  [
    'OUT_OF_SCOPE',
    'a list of another grant, which the holder therefore lacks',
    { grant: { ...listed, scope: other, records: undefined } },
  ],
  ['OUT_OF_SCOPE', 'no list', { grant: { ...listed, records: undefined } }],
  ['OUT_OF_SCOPE', 'an empty list', { grant: { ...listed, records: [] } }],
  ['OUT_OF_SCOPE', 'another owner’s record on the list', { grant: listed, record: { ...record, owner: bob.address } }],
  ['OUT_OF_SCOPE', 'a listed record anchored after the grant', { grant: listed, record: { ...record, index: 11 } }],
  [
    'OUT_OF_SCOPE',
    'a listed record, a fragment of another compartment',
    { grant: listed, fragment: { ...fragment, compartment: hashOf('elsewhere') } },
  ],
  ['OUT_OF_SCOPE', 'anchored after the grant', { record: { ...record, index: 11 } }],
  ['OUT_OF_SCOPE', 'no fragment', { fragment: undefined }],
  ['OUT_OF_SCOPE', 'a fragment of another grant', { fragment: { ...fragment, grant: other } }],
  ['OUT_OF_SCOPE', 'a fragment of another compartment', { fragment: { ...fragment, compartment: other } }],
  ['LEVEL_EXCEEDED', 'a record above the grant', { grant: { ...grant, level: 'low' } }],
  ['LEVEL_EXCEEDED', 'a listed record above the grant', { grant: { ...listed, level: 'low' } }],
  ['LEVEL_EXCEEDED', 'a fragment of a lower level', { fragment: { ...fragment, level: 'low' } }],
  ['LEVEL_EXCEEDED', 'a fragment of a higher level', { fragment: { ...fragment, level: 'private' } }],
  ['STALE_EPOCH', 'a fragment of the epoch before', { fragment: { ...fragment, epoch: 2 } }],
  ['NO_TICKET', 'no ticket', { ticket: undefined }],
  ['NO_TICKET', 'another patient’s ticket', { ticket: { ...ticket, patient: bob.address } }],
  ['NO_TICKET', 'another author’s ticket', { ticket: { ...ticket, author: doctor.address } }],
  ['NO_TICKET', 'a ticket for another compartment', { ticket: { ...ticket, compartment: other } }],
  ['NO_TICKET', 'a ticket for another epoch', { ticket: { ...ticket, epoch: 2 } }],
  ['NO_TICKET', 'a ticket for another level', { ticket: { ...ticket, level: 'private' } }],
  ['NO_TICKET', 'a ticket that had ended', { ticket: { ...ticket, until: record.time } }],
  ['NO_TICKET', 'another delegating key', { ticket: { ...ticket, delegatingKey: other } }],
  ['BAD_STANZA', 'a stanza that proves nothing', { stanzaProven: false }],
];

describe('a holder', () => {
  it('releases where every rule holds', () => {
    expect(refuseRelease(good)).toBeUndefined();
  });

  it.each(faults)('refuses with %s: %s', (code, _, change) => {
    expect(refuseRelease({ ...good, ...change })).toBe(code);
  });

  it('names the first rule that fails', () => {
    const order = releaseRules.map(([code]) => code);
    // Two faults at once, where they do not change the same fact.
    const pairs = faults.flatMap(([first, , earlier], index) =>
      faults
        .slice(index + 1)
        .filter(([, , later]) => !Object.keys(earlier).some((key) => key in later))
        .map(([, , later]) => [first, { ...good, ...later, ...earlier }] as const),
    );
    expect(pairs.length).toBeGreaterThan(400);
    for (const [first, facts] of pairs) expect(refuseRelease(facts)).toBe(first);
    expect([...new Set(faults.map(([code]) => code))]).toEqual(order);
  });
});

test.each<[string, Partial<ReleaseFacts>]>([
  ['a use of 60 seconds and the finality delay ago', { now: now + 72 }],
  ['a view 60 seconds old', { viewAge: 60 }],
  ['the last second of a grant, by both clocks', { grant: { ...grant, until: now + 1 } }],
  ['the last record before the grant', { record: { ...record, index: 9 } }],
  [
    'a record anchored after a grant of new data',
    { grant: { ...grant, newData: true }, record: { ...record, index: 11 } },
  ],
  ['a record on the grant’s list', { grant: listed }],
  ['a grant above the record', { grant: { ...grant, level: 'private' } }],
  ['the last second of a ticket', { ticket: { ...ticket, until: record.time + 1 } }],
])('a holder releases at the edge: %s', (_, change) => {
  expect(refuseRelease({ ...good, ...change })).toBeUndefined();
});
