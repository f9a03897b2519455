import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex } from '../encode/bytes.ts';
import { type Level, levels, type Role, roles } from '../encode/kinds.ts';
import { alice, bob, hashOf } from '../../test/world.ts';
import { type Decision, decision, denied } from './decision.ts';
import { type Participant, participant } from './participant.ts';
import { person } from './person.ts';

const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(toHex);
const level = fc.constantFrom<Level>(...levels);
const uint = (bits: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.constantFrom(0, 1, 2 ** bits - 1),
    fc.maxSafeNat().map((n) => n % 2 ** bits),
  );

const anyParticipant: fc.Arbitrary<Participant> = fc.record({
  status: fc.constantFrom('active', 'banned'),
  roles: fc.subarray<Role>([...roles]),
  clearance: level,
  organisation: address,
  version: uint(32),
  keyVersion: uint(32),
});

const anyDecision: fc.Arbitrary<Decision> = fc.record({
  status: fc.constantFrom('granted', 'denied', 'revoked'),
  grantee: address,
  level,
  until: uint(40),
  keyVersion: uint(32),
});

test('a participant comes back from one 32-byte word', () => {
  const { entity } = participant.key(alice.address);
  fc.assert(
    fc.property(anyParticipant, (value) => {
      const word = entity.encode(value);
      expect(word).toHaveLength(32);
      expect(entity.decode(word)).toEqual(value);
    }),
  );
});

test('a decision comes back from one 32-byte word', () => {
  const { entity } = decision.key(alice.address, hashOf('request'));
  fc.assert(
    fc.property(anyDecision, (value) => {
      const word = entity.encode(value);
      expect(word).toHaveLength(32);
      expect(entity.decode(word)).toEqual(value);
    }),
  );
});

test('the words are those of a packed Solidity struct, first member lowest', () => {
  const participantWord = participant.key(alice.address).entity.encode({
    status: 'banned',
    roles: ['patient', 'provider'],
    clearance: 'private',
    organisation: `0x${'aa'.repeat(20)}`,
    version: 0x01020304,
    keyVersion: 0x05060708,
  });
  // From the highest bits down: keyVersion 32, version 32, organisation 160, clearance 8, roles 16, status 8.
  expect(toHex(participantWord)).toBe(['0x', '05060708', '01020304', 'aa'.repeat(20), '03', '0006', '02'].join(''));

  const decisionWord = decision.key(alice.address, hashOf('request')).entity.encode({
    status: 'revoked',
    grantee: `0x${'bb'.repeat(20)}`,
    level: 'moderate',
    until: 0x0102030405,
    keyVersion: 7,
  });
  // From the highest bits down: 8 unused, keyVersion 32, until 40, level 8, grantee 160, status 8.
  expect(toHex(decisionWord)).toBe(['0x', '00', '00000007', '0102030405', '02', 'bb'.repeat(20), '03'].join(''));
});

test('a number that does not fit is refused, rather than written into its neighbour', () => {
  const { entity } = participant.key(alice.address);
  const value: Participant = {
    status: 'active',
    roles: ['patient'],
    clearance: 'low',
    organisation: `0x${'00'.repeat(20)}`,
    version: 2 ** 32 - 1,
    keyVersion: 0,
  };
  expect(entity.decode(entity.encode(value))).toEqual(value);
  expect(() => entity.encode({ ...value, version: 2 ** 32 })).toThrow(RangeError);
});

test('no value is the empty word, which a ledger reads as nothing written', () => {
  const empty = new Uint8Array(32);
  expect(person.key(hashOf('p')).entity.encode({ taken: true })).not.toEqual(empty);
  expect(decision.key(alice.address, hashOf('r')).entity.encode(denied)).not.toEqual(empty);
  fc.assert(
    fc.property(anyParticipant, anyDecision, (p, d) => {
      expect(participant.key(alice.address).entity.encode(p)).not.toEqual(empty);
      expect(decision.key(alice.address, hashOf('r')).entity.encode(d)).not.toEqual(empty);
    }),
  );
});

test('a person is taken, and nothing else', () => {
  const { entity } = person.key(hashOf('p'));
  expect(entity.decode(entity.encode({ taken: true }))).toEqual({ taken: true });
});

test('a denial grants nothing', () => {
  expect(denied).toEqual({ status: 'denied', grantee: `0x${'00'.repeat(20)}`, level: 'low', until: 0, keyVersion: 0 });
});

test('a status that this version does not know is read as the powerless one', () => {
  const participantEntity = participant.key(alice.address).entity;
  const decisionEntity = decision.key(alice.address, hashOf('r')).entity;
  for (const status of [0, 4, 255]) {
    const word = new Uint8Array(32);
    word[31] = status;
    expect(decisionEntity.decode(word)).toMatchObject({ status: 'revoked', level: 'low', until: 0 });
    expect(participantEntity.decode(word)).toMatchObject({ status: 'banned', clearance: 'low', roles: [] });
  }
});

test('every object has its own path', () => {
  const [a, b] = [hashOf('a'), hashOf('b')];
  const paths = [
    participant.key(alice.address),
    participant.key(bob.address),
    person.key(a),
    person.key(b),
    decision.key(alice.address, a),
    decision.key(alice.address, b),
    decision.key(bob.address, a),
  ].map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths[0]).toBe(`participant/${alice.address}`);
  expect(paths[2]).toBe(`person/${a}`);
  expect(paths[4]).toBe(`decision/${alice.address}/${a}`);
  expect(decision.put(alice.address, a, denied)).toEqual({ key: decision.key(alice.address, a), value: denied });
  expect(person.put(a)).toEqual({ key: person.key(a), value: { taken: true } });
});
