import type { Address, Hex, Level } from '@medseal/protocol';
import { readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';
import { taggedDigest } from '../lib/digest.ts';

const VERSION = 1;
const MAX_NAME = 256;
const MAX_PURPOSE = 32;
const MAX_TEXT = 4096;

/** What an access request asks for, in words that only the parties see. The ledger has the commitment. */
export interface Terms {
  /** Name of the compartment. */
  readonly compartment: string;
  /** HL7 purpose of use, e.g. `TREAT`. */
  readonly purpose: string;
  readonly reason: string;
  /** 32 random bytes: without them the commitment could be guessed. */
  readonly salt: Uint8Array;
}

/** What the patient agreed to, with the text that she was shown (after ISO/IEC TS 27560). */
export interface ConsentReceipt {
  readonly patient: Address;
  readonly grantee: Address;
  /** Number of the request and of the grant. */
  readonly request: Hex;
  /** A compartment by its name, or listed records by the list's scope, which is its root. */
  readonly granted: { readonly compartment: string } | { readonly records: Hex };
  readonly level: Level;
  readonly newData: boolean;
  /** First second at which the grant is dead. */
  readonly until: number;
  /** HL7 purpose of use, e.g. `TREAT`. */
  readonly purpose: string;
  readonly text: string;
  /** 32 random bytes: without them the commitment could be guessed. */
  readonly salt: Uint8Array;
}

/** @throws RangeError when a value does not fit its field. */
export function encodeTerms(terms: Terms): Uint8Array {
  requirePurpose(terms.purpose);
  return byteWriter()
    .u8(VERSION, 'version')
    .utf8(terms.compartment, MAX_NAME, 'compartment')
    .utf8(terms.purpose, MAX_PURPOSE, 'purpose')
    .utf8(terms.reason, MAX_TEXT, 'reason')
    .fixed(terms.salt, 32, 'salt')
    .done();
}

/** @throws MalformedObjectError */
export function parseTerms(bytes: Uint8Array): Terms {
  return readObject(bytes, 'terms', (next) => {
    next.require(next.u8('version') === VERSION, 'version', 'is unknown');
    const compartment = next.utf8(MAX_NAME, 'compartment');
    const purpose = next.utf8(MAX_PURPOSE, 'purpose');
    next.require(isPurpose(purpose), 'purpose', 'is not a code');
    return { compartment, purpose, reason: next.utf8(MAX_TEXT, 'reason'), salt: next.fixed(32, 'salt') };
  });
}

/** What `requestAccess` carries: SHA-256 over a tag and the terms, salt included. */
export function termsCommitment(terms: Uint8Array): Hex {
  return taggedDigest('medseal request terms', terms);
}

/** @throws RangeError when a value does not fit its field. */
export function encodeConsent(receipt: ConsentReceipt): Uint8Array {
  requirePurpose(receipt.purpose);
  const { granted } = receipt;
  const out = byteWriter()
    .u8(VERSION, 'version')
    .hex(receipt.patient, 20, 'patient')
    .hex(receipt.grantee, 20, 'grantee')
    .hex(receipt.request, 32, 'request')
    .flag('records' in granted, 'listed');
  if ('records' in granted) out.hex(granted.records, 32, 'records');
  else out.utf8(granted.compartment, MAX_NAME, 'compartment');
  return out
    .level(receipt.level, 'level')
    .flag(receipt.newData, 'newData')
    .u40(receipt.until, 'until')
    .utf8(receipt.purpose, MAX_PURPOSE, 'purpose')
    .utf8(receipt.text, MAX_TEXT, 'text')
    .fixed(receipt.salt, 32, 'salt')
    .done();
}

/** @throws MalformedObjectError */
export function parseConsent(bytes: Uint8Array): ConsentReceipt {
  return readObject(bytes, 'consent receipt', (next) => {
    next.require(next.u8('version') === VERSION, 'version', 'is unknown');
    const receipt = {
      patient: next.hex(20, 'patient'),
      grantee: next.hex(20, 'grantee'),
      request: next.hex(32, 'request'),
      granted: next.flag('listed')
        ? { records: next.hex(32, 'records') }
        : { compartment: next.utf8(MAX_NAME, 'compartment') },
      level: next.level('level'),
      newData: next.flag('newData'),
      until: next.u40('until'),
      purpose: next.utf8(MAX_PURPOSE, 'purpose'),
      text: next.utf8(MAX_TEXT, 'text'),
      salt: next.fixed(32, 'salt'),
    };
    next.require(isPurpose(receipt.purpose), 'purpose', 'is not a code');
    return receipt;
  });
}

/** What `grantAccess` carries: SHA-256 over a tag and the receipt, salt included. */
export function consentCommitment(receipt: Uint8Array): Hex {
  return taggedDigest('medseal consent receipt', receipt);
}

function requirePurpose(purpose: string): void {
  if (!isPurpose(purpose)) throw new RangeError('purpose must be a code of HL7 PurposeOfUse, such as TREAT');
}

function isPurpose(purpose: string): boolean {
  return /^[A-Z][A-Z0-9_]{0,31}$/.test(purpose);
}
