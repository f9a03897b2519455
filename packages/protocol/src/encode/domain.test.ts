import { AbiCoder, encodeBytes32String, id, keccak256 } from 'ethers';
import { describe, expect, it, test } from 'vitest';
import { alice, authority, hashOf, officials } from '../../test/world.ts';
import type { Hex } from './bytes.ts';
import {
  type Authority,
  authorityDigest,
  checkAuthority,
  ethereumDomain,
  fabricDomain,
  localDomain,
} from './domain.ts';

const abi = AbiCoder.defaultAbiCoder();
const keys = authority.keys;

function abiHash(types: readonly string[], values: readonly unknown[]): string {
  return keccak256(abi.encode(types, values));
}

const authorityHash = abiHash(
  ['bytes32', 'uint256', 'address', 'address', 'address'],
  [encodeBytes32String('medseal authority'), 2, ...keys],
);

test('the digest of an authority is what Solidity computes over its words', () => {
  expect(authorityDigest(authority)).toBe(authorityHash);
});

test('the domain of a contract is what its constructor computes', () => {
  const parts = { chainId: 31_337n, contract: alice.address, parentHash: hashOf('block'), authority };
  expect(ethereumDomain(parts)).toBe(
    abiHash(
      ['bytes32', 'uint256', 'address', 'bytes32', 'bytes32'],
      [encodeBytes32String('medseal domain ethereum'), 31_337, alice.address, hashOf('block'), authorityHash],
    ),
  );
});

test('the domains of a chaincode and of an embedded ledger', () => {
  expect(
    fabricDomain({ channel: 'health', chaincode: 'medseal', genesisBlockHash: hashOf('block 0'), authority }),
  ).toBe(
    abiHash(
      ['bytes32', 'bytes32', 'bytes32', 'bytes32', 'bytes32'],
      [encodeBytes32String('medseal domain fabric'), id('health'), id('medseal'), hashOf('block 0'), authorityHash],
    ),
  );
  expect(localDomain({ salt: hashOf('salt'), authority })).toBe(
    abiHash(
      ['bytes32', 'bytes32', 'bytes32'],
      [encodeBytes32String('medseal domain local'), hashOf('salt'), authorityHash],
    ),
  );
});

test('every part of a genesis changes the domain', () => {
  const other: Authority = { ...authority, threshold: 1 };
  const fewer: Authority = { threshold: 2, keys: keys.slice(0, 2) };
  const ethereum = { chainId: 1n, contract: alice.address, parentHash: hashOf('a'), authority };
  const fabric = { channel: 'ab', chaincode: 'c', genesisBlockHash: hashOf('a'), authority };
  const local = { salt: hashOf('a'), authority };
  const domains = [
    ethereumDomain(ethereum),
    ethereumDomain({ ...ethereum, chainId: 2n }),
    ethereumDomain({ ...ethereum, contract: officials[0]?.address ?? '0x' }),
    ethereumDomain({ ...ethereum, parentHash: hashOf('b') }),
    ethereumDomain({ ...ethereum, authority: other }),
    ethereumDomain({ ...ethereum, authority: fewer }),
    fabricDomain(fabric),
    fabricDomain({ ...fabric, channel: 'a', chaincode: 'bc' }),
    fabricDomain({ ...fabric, chaincode: 'd' }),
    fabricDomain({ ...fabric, genesisBlockHash: hashOf('b') }),
    fabricDomain({ ...fabric, authority: other }),
    localDomain(local),
    localDomain({ ...local, salt: hashOf('b') }),
    localDomain({ ...local, authority: other }),
  ];
  expect(new Set(domains).size).toBe(domains.length);
});

describe('an authority', () => {
  it('has a threshold between 1 and the number of its keys', () => {
    for (const threshold of [1, 2, 3]) expect(() => checkAuthority({ threshold, keys })).not.toThrow();
    for (const threshold of [0, 4, -1, 1.5, Number.NaN])
      expect(() => checkAuthority({ threshold, keys })).toThrow(RangeError);
    expect(() => checkAuthority({ threshold: 1, keys: [] })).toThrow(RangeError);
  });

  it('has ascending keys without repeats', () => {
    const [a, b] = keys as [Hex, Hex];
    expect(() => checkAuthority({ threshold: 1, keys: [b, a] })).toThrow(RangeError);
    expect(() => checkAuthority({ threshold: 1, keys: [a, a] })).toThrow(RangeError);
  });

  it('has at most 32 keys', () => {
    const many = (count: number): Hex[] =>
      Array.from({ length: count }, (_, i): Hex => `0x${i.toString(16).padStart(40, '0')}`);
    expect(() => checkAuthority({ threshold: 1, keys: many(32) })).not.toThrow();
    expect(() => checkAuthority({ threshold: 1, keys: many(33) })).toThrow(RangeError);
  });

  it('has canonical addresses: one in mixed case would never match a signer', () => {
    for (const key of [`0x${'AB'.repeat(20)}`, `0x${'00'.repeat(19)}`, 'official 1'] as Hex[])
      expect(() => checkAuthority({ threshold: 1, keys: [key] })).toThrow(RangeError);
  });
});
