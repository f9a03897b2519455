import { AbiCoder, encodeBytes32String, keccak256 } from 'ethers';
import { expect, test } from 'vitest';
import { alice, doctor, hashOf } from '../../test/world.ts';
import type { AnchorRecord } from '../commands/anchor-record.ts';
import { anchoredRecordId, recordId } from './record-id.ts';

const anchor: AnchorRecord = {
  type: 'anchorRecord',
  owner: alice.address,
  compartment: hashOf('cardiology'),
  epoch: 3,
  level: 'private',
  payloadDigest: hashOf('payload'),
  headerDigest: hashOf('header'),
  content: hashOf('content'),
  salt: hashOf('salt'),
  actor: doctor.address,
  validUntil: 1,
};

test('a record id is the keccak-256 of tag, owner, author, compartment, epoch, level, payload digest and salt', () => {
  const words = AbiCoder.defaultAbiCoder().encode(
    ['bytes32', 'address', 'address', 'bytes32', 'uint32', 'uint8', 'bytes32', 'bytes32'],
    [
      encodeBytes32String('medseal record'),
      alice.address,
      doctor.address,
      hashOf('cardiology'),
      3,
      3,
      hashOf('payload'),
      hashOf('salt'),
    ],
  );
  expect(anchoredRecordId(anchor)).toBe(keccak256(words));
  expect(recordId({ ...anchor, author: doctor.address })).toBe(keccak256(words));
});

test('each part changes the id; header digest, content and validUntil do not', () => {
  const others: readonly Partial<AnchorRecord>[] = [
    { owner: doctor.address },
    { actor: alice.address },
    { compartment: hashOf('x') },
    { epoch: 4 },
    { level: 'low' },
    { payloadDigest: hashOf('x') },
    { salt: hashOf('x') },
  ];
  const ids = [anchor, ...others.map((change) => ({ ...anchor, ...change }))].map(anchoredRecordId);
  expect(new Set(ids).size).toBe(others.length + 1);
  const same = { ...anchor, headerDigest: hashOf('x'), content: hashOf('x'), validUntil: 2 };
  expect(anchoredRecordId(same)).toBe(anchoredRecordId(anchor));
});
