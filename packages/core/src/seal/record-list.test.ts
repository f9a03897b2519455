import { createHash } from 'node:crypto';
import { fromHex, type Hex } from '@medseal/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flipped } from '../../test/sealed-record.ts';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import {
  encodeRecordList,
  listScope,
  MAX_LIST_BYTES,
  MAX_LISTED,
  parseRecordList,
  type RecordList,
} from './record-list.ts';

const salt = new Uint8Array(32).fill(7);

function idOf(number: number): Hex {
  return `0x${number.toString(16).padStart(64, '0')}`;
}

function listOf(...numbers: readonly number[]): RecordList {
  return { salt, records: numbers.map(idOf) };
}

const lists = fc
  .record({
    salt: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    ids: fc.uniqueArray(fc.uint8Array({ minLength: 32, maxLength: 32 }), {
      minLength: 1,
      maxLength: 40,
      selector: (bytes) => Buffer.from(bytes).toString('hex'),
    }),
  })
  .map(({ salt: of, ids }): RecordList => {
    const records = ids.map((id): Hex => `0x${Buffer.from(id).toString('hex')}`);
    return { salt: Uint8Array.from(of), records: records.toSorted() };
  });

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

/** MTH of RFC 9162, section 2.1.1, as it stands there. */
function treeHash(leaves: readonly Uint8Array[]): Uint8Array {
  const [first = new Uint8Array()] = leaves;
  if (leaves.length < 2) return sha256(Uint8Array.of(0), first);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Uint8Array.of(1), treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

describe('a record list', () => {
  it('comes back as it was, in one encoding', () => {
    fc.assert(
      fc.property(lists, (list) => {
        const bytes = encodeRecordList(list);
        expect(parseRecordList(bytes)).toEqual(list);
        expect(bytes.length).toBe(35 + 32 * list.records.length);
      }),
    );
  });

  it('is version, salt, number of records, records', () => {
    const bytes = encodeRecordList(listOf(1, 2));
    const written = `01${'07'.repeat(32)}0002${idOf(1).slice(2)}${idOf(2).slice(2)}`;
    expect(Buffer.from(bytes).toString('hex')).toBe(written);
  });

  it('names 1 to 1000 records, ascending without repeats, under a whole salt', () => {
    const most = listOf(...Array.from({ length: MAX_LISTED }, (_, number) => number));
    expect(encodeRecordList(most)).toHaveLength(MAX_LIST_BYTES);
    expect(parseRecordList(encodeRecordList(most))).toEqual(most);
    const refused = [listOf(), listOf(2, 1), listOf(1, 1), { ...most, records: [...most.records, idOf(MAX_LISTED)] }];
    for (const list of refused) expect(() => encodeRecordList(list)).toThrow(RangeError);
    expect(() => encodeRecordList({ ...listOf(1), salt: salt.subarray(1) })).toThrow(RangeError);
    expect(() => encodeRecordList({ salt, records: ['0x12'] })).toThrow(RangeError);
  });

  it('is refused when cut, extended, of another version, out of order, repeated, empty or too long', () => {
    const bytes = encodeRecordList(listOf(1, 2));
    for (let length = 0; length < bytes.length; length++)
      expect(() => parseRecordList(bytes.slice(0, length))).toThrow(MalformedObjectError);
    expect(() => parseRecordList(Uint8Array.from([...bytes, 0]))).toThrow(MalformedObjectError);
    const head = (count: number): Uint8Array => Uint8Array.of(1, ...salt, count >> 8, count & 255);
    const written = (...numbers: readonly number[]): Uint8Array =>
      Uint8Array.from([...head(numbers.length), ...numbers.flatMap((number) => [...fromHex(idOf(number))])]);
    expect(parseRecordList(written(1, 2))).toEqual(listOf(1, 2));
    const long = written(...Array.from({ length: MAX_LISTED + 1 }, (_, number) => number));
    for (const wrong of [written(2, 1), written(1, 1), written(), long, flipped(bytes, 0)])
      expect(() => parseRecordList(wrong)).toThrow(MalformedObjectError);
  });

  it('shares no memory with its bytes', () => {
    const bytes = encodeRecordList(listOf(1));
    const list = parseRecordList(bytes);
    bytes.fill(0);
    expect(list).toEqual(listOf(1));
  });
});

describe('the scope of a record list', () => {
  it('is the Merkle tree hash of RFC 9162 over salt and id, at every size', () => {
    for (let size = 1; size <= 33; size++) {
      const list = listOf(...Array.from({ length: size }, (_, number) => number));
      const leaves = list.records.map((id) => Uint8Array.from([...salt, ...fromHex(id)]));
      expect(listScope(list)).toBe(`0x${Buffer.from(treeHash(leaves)).toString('hex')}`);
    }
  });

  it('is this one for these records', () => {
    const root = '0xa09b25277356ebb527d530da3a2df04888c94e462088c0e850b37564a21409bb';
    expect(listScope(listOf(1, 2, 3))).toBe(root);
  });

  it('is another one for every changed byte that still makes a list', () => {
    const bytes = encodeRecordList(listOf(1, 256, 65_536));
    const scopes = new Set([listScope(parseRecordList(bytes))]);
    let made = 1;
    for (let index = 1; index < bytes.length; index++) {
      try {
        scopes.add(listScope(parseRecordList(flipped(bytes, index))));
        made++;
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedObjectError);
      }
    }
    expect(made).toBeGreaterThan(60);
    expect(scopes.size).toBe(made);
  });

  it('is another one with a record more, less or exchanged, and with another salt', () => {
    fc.assert(
      fc.property(lists, fc.nat(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (list, at, other) => {
        const scope = listScope(list);
        const { records } = list;
        const id: Hex = `0x${Buffer.from(other).toString('hex')}`;
        const index = at % records.length;
        const changed = [
          { ...list, salt: Uint8Array.from(other) },
          { ...list, records: [...records, id].toSorted() },
          { ...list, records: records.toSpliced(index, 1) },
          { ...list, records: records.with(index, id).toSorted() },
        ];
        for (const one of changed) expect(listScope(one)).not.toBe(scope);
      }),
    );
  });
});
