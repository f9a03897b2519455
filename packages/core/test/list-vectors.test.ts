import { readFileSync } from 'node:fs';
import { fromHex, type Hex, markUse, toHex } from '@medseal/protocol';
import { describe, expect, it, test } from 'vitest';
import { MalformedObjectError } from '../src/errors/malformed-object-error.ts';
import { encodeRecordList, listScope, parseRecordList } from '../src/seal/record-list.ts';
import { type AnswerVector, type ListVectors, listVectors, word } from '../tools/list-vectors.ts';

const file = new URL('../../../vectors/protocol/record-lists.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as ListVectors;

test('the vectors can be made again', () => {
  expect(listVectors()).toEqual(vectors);
});

describe('lists', () => {
  it.each(vectors.lists)('$name', ({ salt, records, bytes, scope }) => {
    const list = { salt: fromHex(salt), records };
    expect(toHex(encodeRecordList(list))).toBe(bytes);
    expect(parseRecordList(fromHex(bytes))).toEqual(list);
    expect(listScope(list)).toBe(scope);
  });

  it.each(vectors.numbered)('$name', ({ salt, count, scope }) => {
    const records = Array.from({ length: count }, (_, number) => word(number));
    expect(listScope(parseRecordList(encodeRecordList({ salt: fromHex(salt), records })))).toBe(scope);
  });

  it.each(vectors.malformed)('malformed: $name', ({ bytes }) => {
    expect(() => parseRecordList(fromHex(bytes))).toThrow(MalformedObjectError);
  });
});

/** The records of what was delivered, where it is the list of the scope. */
function recordsOf({ list, scope }: AnswerVector): readonly Hex[] | undefined {
  const delivered = list === null ? undefined : parseRecordList(fromHex(list));
  return delivered !== undefined && listScope(delivered) === scope ? delivered.records : undefined;
}

function answerTo(vector: AnswerVector): string {
  const { record, patient, scope, newData, index } = vector;
  const facts = { level: 'low', epoch: 1, headerDigest: word(0xb0), erased: false, time: 1, author: patient } as const;
  const grantee: Hex = `0x${'33'.repeat(20)}`;
  const { holder, unchecked } = markUse({
    recordId: record.id,
    headerDigest: facts.headerDigest,
    grant: {
      patient,
      grantee,
      scope,
      records: recordsOf(vector),
      level: 'low',
      newData,
      until: 2,
      index,
      standing: true,
    },
    record: { ...facts, ...record },
  });
  if (holder.includes('OUT_OF_SCOPE')) return 'outside';
  return unchecked.includes('OUT_OF_SCOPE') ? 'unknown' : 'inside';
}

describe('what a grant covers', () => {
  it.each(vectors.answers)('$name: $answer', (vector) => {
    expect(answerTo(vector)).toBe(vector.answer);
  });
});
