import { fromHex, toHex } from '@medseal/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consistencyProof } from './consistency-proof.ts';
import type { HashReader } from './hash-reader.ts';
import { inclusionProof } from './inclusion-proof.ts';
import { subtreesCompletedBy } from './subtrees-completed-by.ts';
import { emptyRoot, leafHash, nodeHash } from './tree-hash.ts';
import { treeRoot } from './tree-root.ts';
import { verifyConsistency } from './verify-consistency.ts';
import { verifyInclusion } from './verify-inclusion.ts';

const MAX = 300;

/** The recursive definition of RFC 9162 section 2.1.1, word for word. */
function merkleTreeHash(entries: readonly Uint8Array[]): Uint8Array {
  const [first] = entries;
  if (first === undefined) return emptyRoot;
  if (entries.length === 1) return leafHash(first);
  let k = 1;
  while (k * 2 < entries.length) k *= 2;
  return nodeHash(merkleTreeHash(entries.slice(0, k)), merkleTreeHash(entries.slice(k)));
}

function stored(entries: readonly Uint8Array[]): HashReader {
  const hashes = new Map<string, Uint8Array>();
  const read: HashReader = (level, index) => {
    const hash = hashes.get(`${level}/${index}`);
    if (hash === undefined) throw new Error(`No subtree is complete at ${level}/${index}`);
    return hash;
  };
  for (const [number, entry] of entries.entries())
    for (const { level, index, hash } of subtreesCompletedBy(number, leafHash(entry), read))
      hashes.set(`${level}/${index}`, hash);
  return read;
}

const entries = Array.from({ length: MAX }, (_, i) => Uint8Array.of(i >> 8, i & 255));
const leaves = entries.map(leafHash);
const read = stored(entries);
const roots = Array.from({ length: MAX + 1 }, (_, size) => treeRoot(size, read));
const root = (size: number): Uint8Array => roots[size] ?? emptyRoot;
const leaf = (index: number): Uint8Array => leaves[index] ?? emptyRoot;
const flipped = (hash: Uint8Array): Uint8Array => hash.map((byte, i) => (i === 7 ? byte ^ 4 : byte));
/** Every list that differs from the proof by one hash: altered, missing, doubled, exchanged, or one too many. */
const alterations = (proof: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] => [
  [...proof, emptyRoot],
  [emptyRoot, ...proof],
  ...proof.flatMap((hash, i) => [
    proof.with(i, flipped(hash)),
    proof.toSpliced(i, 1),
    proof.toSpliced(i, 0, hash),
    ...(i === 0 ? [] : [proof.with(i, proof[i - 1] ?? hash).with(i - 1, hash)]),
  ]),
];

describe('known vectors of Certificate Transparency', () => {
  const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const known = inputs.map((input) => fromHex(`0x${input}`));

  it.each(
    [
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ].map((hash, size) => ({ size, hash })),
  )('root of $size leaves', ({ size, hash }) => {
    expect(toHex(treeRoot(size, stored(known.slice(0, size))))).toBe(`0x${hash}`);
  });
});

describe('the tree', () => {
  it('has the root of the recursive definition at every size', () => {
    for (let size = 0; size <= MAX; size += size < 70 ? 1 : 23)
      expect(root(size)).toEqual(merkleTreeHash(entries.slice(0, size)));
  });

  it('stores each complete subtree once, when its last leaf comes', () => {
    expect(subtreesCompletedBy(6, leaf(6), read).map(({ level, index }) => [level, index])).toEqual([[0, 6]]);
    expect(subtreesCompletedBy(7, leaf(7), read).map(({ level, index }) => [level, index])).toEqual([
      [0, 7],
      [1, 3],
      [2, 1],
      [3, 0],
    ]);
  });

  it('works beyond 32 bits, and up to the greatest sizes', () => {
    const alike = [leafHash(new Uint8Array())];
    for (const hash of alike) if (alike.length < 54) alike.push(nodeHash(hash, hash));
    const place: HashReader = (level) => alike[level] ?? emptyRoot;
    for (const size of [2 ** 32 + 3, 2 ** 40, 2 ** 48 - 1, Number.MAX_SAFE_INTEGER]) {
      const index = size - 2;
      const proof = inclusionProof(index, size, place);
      const whole = treeRoot(size, place);
      expect(verifyInclusion({ leaf: place(0, index), index, size, root: whole, proof })).toBe(true);
      expect(verifyInclusion({ leaf: place(0, index), index, size, root: flipped(whole), proof })).toBe(false);
    }
  });
});

describe('inclusion', () => {
  it('is shown for every leaf of every size', () => {
    let shown = 0;
    for (let size = 1; size <= 150; size++)
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(index, size, read);
        if (verifyInclusion({ leaf: leaf(index), index, size, root: root(size), proof })) shown++;
      }
    expect(shown).toBe((150 * 151) / 2);
  });

  it('is shown by no altered proof', () => {
    for (let size = 1; size <= 24; size++)
      for (let index = 0; index < size; index++) {
        const good = { leaf: leaf(index), index, size, root: root(size), proof: inclusionProof(index, size, read) };
        const bad = [
          ...alterations(good.proof).map((proof) => ({ ...good, proof })),
          ...Array.from({ length: size }, (_, other) => ({ ...good, index: other })).filter((c) => c.index !== index),
          ...[size, -1, 0.5, Number.NaN].map((other) => ({ ...good, index: other })),
          { ...good, leaf: flipped(good.leaf) },
          { ...good, root: flipped(good.root) },
        ];
        expect(bad.filter(verifyInclusion)).toEqual([]);
      }
  });

  it('is not shown by a proof longer than the tree is high, though the root was made for it', () => {
    for (const size of [1, 2, 3, 4]) {
      const proof = [...inclusionProof(0, size, read), leaf(9)];
      const left = { leaf: leaf(0), index: 0, size, root: nodeHash(root(size), leaf(9)), proof };
      const right = { ...left, root: nodeHash(leaf(9), root(size)) };
      expect([left, right].filter(verifyInclusion)).toEqual([]);
    }
  });

  it('holds for chosen places of larger trees, and not for another leaf', () => {
    const place = fc.integer({ min: 2, max: MAX }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        index: fc.nat(size - 1),
        other: fc.nat(size - 1),
      }),
    );
    fc.assert(
      fc.property(place, ({ size, index, other }) => {
        const good = { leaf: leaf(index), index, size, root: root(size), proof: inclusionProof(index, size, read) };
        expect(verifyInclusion(good)).toBe(true);
        expect(verifyInclusion({ ...good, leaf: leaf(other) })).toBe(other === index);
        expect(alterations(good.proof).some((proof) => verifyInclusion({ ...good, proof }))).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it('is proved of leaves that the tree holds only', () => {
    expect(() => inclusionProof(5, 5, read)).toThrow(RangeError);
    expect(() => inclusionProof(-1, 5, read)).toThrow(RangeError);
    expect(() => inclusionProof(0, 1.5, read)).toThrow(RangeError);
  });
});

describe('consistency', () => {
  it('is shown between every two sizes', () => {
    let shown = 0;
    for (let to = 0; to <= 150; to++)
      for (let from = 0; from <= to; from++) {
        const proof = consistencyProof(from, to, read);
        if (verifyConsistency({ from, to, fromRoot: root(from), toRoot: root(to), proof })) shown++;
      }
    expect(shown).toBe((151 * 152) / 2);
  });

  it('is shown by no altered proof', () => {
    for (let to = 1; to <= 24; to++)
      for (let from = 0; from <= to; from++) {
        const good = { from, to, fromRoot: root(from), toRoot: root(to), proof: consistencyProof(from, to, read) };
        const bad = [
          ...alterations(good.proof).map((proof) => ({ ...good, proof })),
          { ...good, fromRoot: flipped(good.fromRoot) },
          { ...good, from: to + 1 },
          { ...good, from: -1 },
          { ...good, to: Number.NaN },
          // From the empty tree there is nothing to show of the new root.
          ...(from === 0 ? [] : [{ ...good, toRoot: flipped(good.toRoot) }]),
        ];
        expect(bad.filter(verifyConsistency)).toEqual([]);
      }
  });

  it('is not shown with a log that differs in one old entry', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(60), fc.nat(), (from, more, where) => {
        const to = from + more;
        const other = stored(entries.slice(0, to).with(where % from, Uint8Array.of(1, 2, 3)));
        const proof = consistencyProof(from, to, other);
        const toRoot = treeRoot(to, other);
        expect(verifyConsistency({ from, to, fromRoot: treeRoot(from, other), toRoot, proof })).toBe(true);
        expect(verifyConsistency({ from, to, fromRoot: root(from), toRoot, proof })).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('is proved forwards only', () => {
    expect(() => consistencyProof(5, 4, read)).toThrow(RangeError);
    expect(() => consistencyProof(-1, 4, read)).toThrow(RangeError);
  });
});
