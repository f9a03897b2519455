import { describe, expect, it } from 'vitest';
import { flipped } from '../../test/sealed-record.ts';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import {
  type ConsentReceipt,
  consentCommitment,
  encodeConsent,
  encodeTerms,
  parseConsent,
  parseTerms,
  type Terms,
  termsCommitment,
} from './terms.ts';

const terms: Terms = {
  compartment: 'Kardiologie',
  purpose: 'TREAT',
  reason: 'Zweitmeinung: Überweisung vom Hausarzt',
  salt: new Uint8Array(32).fill(1),
};
const receipt: ConsentReceipt = {
  patient: `0x${'01'.repeat(20)}`,
  grantee: `0x${'02'.repeat(20)}`,
  request: `0x${'03'.repeat(32)}`,
  granted: { compartment: 'Kardiologie' },
  level: 'private',
  newData: true,
  until: 1_900_000_000,
  purpose: 'TREAT',
  text: 'Ich erlaube den Zugriff.',
  salt: new Uint8Array(32).fill(2),
};

interface Codec<T> {
  readonly value: T;
  readonly encode: (value: T) => Uint8Array;
  readonly parse: (bytes: Uint8Array) => T;
  readonly commit: (bytes: Uint8Array) => string;
}

function describeCodec<T extends Terms | ConsentReceipt>(
  name: string,
  { value, encode, parse, commit }: Codec<T>,
): void {
  describe(`encoding of ${name}`, () => {
    const bytes = encode(value);

    it('come back, in one encoding', () => {
      expect(parse(bytes)).toEqual(value);
      expect(encode(parse(bytes))).toEqual(bytes);
    });

    it('have another commitment for every flipped byte, also of the salt', () => {
      const commitments = Array.from(bytes, (_, index) => commit(flipped(bytes, index)));
      expect(new Set([commit(bytes), ...commitments]).size).toBe(bytes.length + 1);
    });

    it('are refused when cut or extended', () => {
      for (let length = 0; length < bytes.length; length++)
        expect(() => parse(bytes.slice(0, length))).toThrow(MalformedObjectError);
      expect(() => parse(Uint8Array.from([...bytes, 0]))).toThrow(MalformedObjectError);
    });

    it.each(['', 'treat', 'TREAT ', 'T'.repeat(33)])('refuse the purpose %j', (purpose) => {
      expect(() => encode({ ...value, purpose })).toThrow(RangeError);
    });

    it('need a whole salt', () => {
      expect(() => encode({ ...value, salt: new Uint8Array(16) })).toThrow(RangeError);
    });
  });
}

describeCodec('terms', { value: terms, encode: encodeTerms, parse: parseTerms, commit: termsCommitment });
describeCodec('consent receipt', {
  value: receipt,
  encode: encodeConsent,
  parse: parseConsent,
  commit: consentCommitment,
});

describeCodec('consent receipt of listed records', {
  value: { ...receipt, granted: { records: `0x${'04'.repeat(32)}` } },
  encode: encodeConsent,
  parse: parseConsent,
  commit: consentCommitment,
});

it('terms and receipts never have a commitment in common', () => {
  const bytes = encodeTerms(terms);
  expect(termsCommitment(bytes)).not.toBe(consentCommitment(bytes));
});
