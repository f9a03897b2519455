import { type Address, concat, type CommandSigner, type Domain, recoverSigner } from '@medseal/protocol';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { UnverifiedObjectError } from '../errors/unverified-object-error.ts';
import { type ByteReader, readObject } from '../lib/byte-reader.ts';
import { type ByteWriter, byteWriter } from '../lib/byte-writer.ts';
import { tagWord } from '../lib/tag-word.ts';

const SIGNATURE_BYTES = 65;
const VERSION = 1;

/** What every object has that a patient signs for use beside one ledger. */
export interface PatientObject {
  readonly domain: Domain;
  readonly patient: Address;
}

/** One kind of signed object: how its own fields are written and read. */
export interface SignedObjectKind<T extends PatientObject> {
  /** What errors call it. */
  readonly object: string;
  /** At most 32 ASCII characters, another one for every kind. */
  readonly tag: string;
  readonly write: (value: T, out: ByteWriter) => void;
  readonly read: (next: ByteReader, of: PatientObject) => T;
}

/**
 * version ‖ domain ‖ patient ‖ own fields ‖ signature. The signature (65 bytes, low s) is over keccak256(tag word ‖ all
 * before it). The tag begins with an ASCII letter, so what is hashed never begins like an EIP-712 command (0x19 0x01):
 * no signature of the one is a signature of the other.
 *
 * @throws RangeError when a value does not fit its field, or the signer is not the patient.
 */
export async function signObject<T extends PatientObject>(
  kind: SignedObjectKind<T>,
  value: T,
  signer: CommandSigner,
): Promise<Uint8Array> {
  if (signer.address !== value.patient) throw new RangeError(`Only the patient may sign her ${kind.object}`);
  const out = byteWriter().u8(VERSION, 'version').hex(value.domain, 32, 'domain').hex(value.patient, 20, 'patient');
  kind.write(value, out);
  const body = out.done();
  return concat(body, await signer.sign(signedDigest(kind.tag, body)));
}

/**
 * Reads a signed object strictly and checks that the patient whom it names signed it, for this ledger.
 *
 * @throws MalformedObjectError, or UnverifiedObjectError
 */
export function verifyObject<T extends PatientObject>(
  kind: SignedObjectKind<T>,
  bytes: Uint8Array,
  { domain }: { readonly domain: Domain },
): T {
  const end = bytes.length - SIGNATURE_BYTES;
  if (end < 0) throw new MalformedObjectError(kind.object, 'signature', 'is cut short');
  const body = bytes.slice(0, end);
  const value = readObject(body, kind.object, (next) => {
    next.require(next.u8('version') === VERSION, 'version', 'is unknown');
    return kind.read(next, { domain: next.hex(32, 'domain'), patient: next.hex(20, 'patient') });
  });
  if (recoverSigner(signedDigest(kind.tag, body), bytes.slice(end)) !== value.patient)
    throw new UnverifiedObjectError(kind.object, 'signature');
  if (value.domain !== domain) throw new UnverifiedObjectError(kind.object, 'domain');
  return value;
}

function signedDigest(tag: string, body: Uint8Array): Uint8Array {
  return keccak_256(concat(tagWord(tag), body));
}
