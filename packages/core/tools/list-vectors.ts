import { concat, fromHex, type Hex, toHex } from '@medseal/protocol';
import { encodeRecordList, listScope } from '../src/seal/record-list.ts';

/** A list as it travels, and the scope of grants of it. */
export interface ListVector {
  readonly name: string;
  readonly salt: Hex;
  readonly records: readonly Hex[];
  readonly bytes: Hex;
  readonly scope: Hex;
}

/** Lists too long to be written out: their records are the numbers from 0 on, 32 bytes big-endian. */
export interface NumberedVector {
  readonly name: string;
  readonly salt: Hex;
  readonly count: number;
  readonly scope: Hex;
}

export interface MalformedVector {
  readonly name: string;
  readonly bytes: Hex;
}

/** A grant of `scope`, what was delivered as its list, and whether it covers a record by its scope. */
export interface AnswerVector {
  readonly name: string;
  readonly patient: Hex;
  readonly scope: Hex;
  readonly newData: boolean;
  /** Place of the grant in the log. */
  readonly index: number;
  readonly list: Hex | null;
  readonly record: { readonly id: Hex; readonly owner: Hex; readonly compartment: Hex; readonly index: number };
  /** `unknown`: without its list nobody can tell. */
  readonly answer: 'inside' | 'outside' | 'unknown';
}

export interface ListVectors {
  readonly about: string;
  readonly lists: readonly ListVector[];
  readonly numbered: readonly NumberedVector[];
  readonly malformed: readonly MalformedVector[];
  readonly answers: readonly AnswerVector[];
}

const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17];
const NUMBERED = [31, 32, 33, 255, 256, 257, 999, 1000];

const salt = word(0xa1);
const patient: Hex = `0x${'11'.repeat(20)}`;
const stranger: Hex = `0x${'22'.repeat(20)}`;

export function listVectors(): ListVectors {
  return {
    about: 'Lists of records: their bytes, the scope of a grant of them, and which records such a grant covers.',
    lists: [
      ...SIZES.map((size) => listVector(`${size} of ${size}`, salt, numbers(size).map(spread).toSorted())),
      listVector('the same under another salt', word(0xa2), numbers(3).map(spread).toSorted()),
      listVector('under a salt of zeros', word(0), [word(0)]),
      listVector('of neighbours, and both ends', salt, [
        word(0),
        word(1),
        word(255),
        word(256),
        `0x${'ff'.repeat(32)}`,
      ]),
    ],
    numbered: NUMBERED.map((count) => ({
      name: `${count} numbers`,
      salt,
      count,
      scope: listScope({ salt: fromHex(salt), records: numbers(count).map(word) }),
    })),
    malformed: malformed(),
    answers: answers(),
  };
}

function listVector(name: string, of: Hex, records: readonly Hex[]): ListVector {
  const list = { salt: fromHex(of), records };
  return { name, salt: of, records, bytes: toHex(encodeRecordList(list)), scope: listScope(list) };
}

function malformed(): readonly MalformedVector[] {
  const good = encodeRecordList({ salt: fromHex(salt), records: [word(1), word(2)] });
  const withBytes = (at: number, ...bytes: readonly number[]): Uint8Array => {
    const changed = Uint8Array.from(good);
    changed.set(bytes, at);
    return changed;
  };
  const listed = (...ids: readonly Hex[]): Uint8Array =>
    concat(good.slice(0, 33), Uint8Array.of(ids.length >> 8, ids.length & 255), ...ids.map((id) => fromHex(id)));
  const cases: Readonly<Record<string, Uint8Array>> = {
    'nothing at all': new Uint8Array(),
    'version 0': withBytes(0, 0),
    'version 2': withBytes(0, 2),
    'cut in the salt': good.slice(0, 20),
    'cut in the number': good.slice(0, 34),
    'cut before the last record': good.slice(0, -32),
    'cut in the last record': good.slice(0, -1),
    'a byte behind the end': concat(good, Uint8Array.of(0)),
    'a record behind the end': concat(good, fromHex(word(3))),
    'no records': listed(),
    descending: listed(word(2), word(1)),
    'descending in the last byte, with an equal beginning': listed(word(0x1234), word(0x1233)),
    'a record twice': listed(word(1), word(1)),
    'a number of records read from its wrong end': withBytes(33, 2, 0),
  };
  return Object.entries(cases).map(([name, bytes]) => ({ name, bytes: toHex(bytes) }));
}

type AnswerCase = readonly [
  name: string,
  answer: AnswerVector['answer'],
  change: Partial<Omit<AnswerVector, 'record'>> & { readonly record?: Partial<AnswerVector['record']> },
];

const compartment = word(0xc0);
const { bytes: list, scope } = listVector('', salt, [word(1), word(2), word(3)]);
const { bytes: saltedAnew } = listVector('', word(0xa2), [word(1), word(2), word(3)]);

/** What differs from a grant of a list, and a record that is on it. */
const answerCases: readonly AnswerCase[] = [
  ['on the list', 'inside', {}],
  ['the first of the list', 'inside', { record: { id: word(1) } }],
  ['the last of the list', 'inside', { record: { id: word(3) } }],
  ['on the list, of another compartment', 'inside', { record: { compartment: word(0xc1) } }],
  ['not on the list, of the same compartment', 'outside', { record: { id: word(4) } }],
  ['on the list, but of somebody else', 'outside', { record: { owner: stranger } }],
  ['on the list, but anchored after the grant', 'outside', { record: { index: 11 } }],
  ['on the list, anchored after a grant of new data too', 'inside', { newData: true, record: { index: 11 } }],
  ['no list was delivered', 'unknown', { list: null }],
  ['no list was delivered, and it is not on it', 'unknown', { list: null, record: { id: word(4) } }],
  ['no list was delivered, but of somebody else', 'outside', { list: null, record: { owner: stranger } }],
  ['no list was delivered, but anchored after the grant', 'outside', { list: null, record: { index: 11 } }],
  ['the same records under another salt were delivered', 'unknown', { list: saltedAnew }],
  ['of the compartment', 'inside', { scope: compartment, list: null }],
  [
    'of the compartment, whatever list was delivered',
    'inside',
    { scope: compartment, list: saltedAnew, record: { id: word(4) } },
  ],
];

function answers(): readonly AnswerVector[] {
  const grant = { patient, scope, newData: false, index: 10, list };
  const record = { id: word(2), owner: patient, compartment, index: 5 };
  return answerCases.map(([name, answer, { record: other, ...change }]) => ({
    name,
    ...grant,
    ...change,
    record: { ...record, ...other },
    answer,
  }));
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, number) => number);
}

/** Thirty-two bytes, big-endian. */
export function word(number: number): Hex {
  return `0x${number.toString(16).padStart(64, '0')}`;
}

/** Ids that differ from the first byte on, as hashes do. */
function spread(number: number): Hex {
  return `0x${((number * 151 + 7) % 256).toString(16).padStart(2, '0')}${word(number).slice(4)}`;
}
