import { type Address, concat, type CommandSigner, type Domain, recoverSigner } from '@medseal/protocol';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { UnverifiedObjectError } from '../errors/unverified-object-error.ts';
import { readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';
import { tagWord } from '../lib/tag-word.ts';
import type { Cursor } from '../ports/ledger.ts';
import type { Projection } from './projection.ts';
import type { LogPlace } from './saved-log-codec.ts';

/** What a reader states of a log that it has verified up to a place. */
export interface Snapshot extends LogPlace {
  readonly domain: Domain;
  /** Of the last entry. */
  readonly cursor: Cursor;
  /** The greatest ledger time so far, seconds. */
  readonly time: number;
  readonly signer: Address;
}

/** Whose snapshots a view believes. */
export interface SnapshotTrust {
  readonly snapshots: readonly Uint8Array[];
  readonly signers: readonly Address[];
}

const OBJECT = 'snapshot';
const VERSION = 1;
const MAX_CURSOR = 1024;
const SIGNATURE_BYTES = 65;

/**
 * States, under the signer's name, which log this view has read: body, then a signature over keccak256(tag word ‖ body).
 * Whoever trusts the signer need not check the signatures of these entries again. A view that rests on
 * another's word signs nothing.
 *
 * @throws RangeError while the view is empty, or has not checked all signatures itself.
 */
export async function signSnapshot(
  view: Pick<Projection, 'genesis' | 'entries' | 'cursor' | 'logDigest' | 'clock'> & {
    readonly vouchers?: readonly Address[];
  },
  signer: CommandSigner,
): Promise<Uint8Array> {
  const { cursor, vouchers = [] } = view;
  if (vouchers.length > 0) throw new RangeError('A view that rests on the word of others has nothing to state');
  if (cursor === undefined) throw new RangeError('An empty view has no snapshot');
  const body = byteWriter()
    .u8(VERSION, 'version')
    .hex(view.genesis.domain, 32, 'domain')
    .u48(view.entries.length, 'length')
    .utf8(cursor, MAX_CURSOR, 'cursor')
    .fixed(view.logDigest, 32, 'digest')
    .u40(view.clock, 'time')
    .hex(signer.address, 20, 'signer')
    .done();
  return concat(body, await signer.sign(digestOf(body)));
}

/**
 * Reads a snapshot and checks that it is of this ledger and signed by one of `signers`.
 *
 * @throws MalformedObjectError, or UnverifiedObjectError
 */
export function verifySnapshot(
  bytes: Uint8Array,
  { domain, signers }: { readonly domain: Domain; readonly signers: readonly Address[] },
): Snapshot {
  const body = bytes.slice(0, Math.max(0, bytes.length - SIGNATURE_BYTES));
  const snapshot = readObject(body, OBJECT, (next): Snapshot => {
    next.require(next.u8('version') === VERSION, 'version', 'is unknown');
    const of = { domain: next.hex(32, 'domain'), length: next.u48('length'), cursor: next.utf8(MAX_CURSOR, 'cursor') };
    next.require(of.length > 0, 'length', 'is zero');
    return { ...of, digest: next.fixed(32, 'digest'), time: next.u40('time'), signer: next.hex(20, 'signer') };
  });
  if (recoverSigner(digestOf(body), bytes.slice(body.length)) !== snapshot.signer)
    throw new UnverifiedObjectError(OBJECT, 'signature');
  if (snapshot.domain !== domain) throw new UnverifiedObjectError(OBJECT, 'domain');
  if (!signers.includes(snapshot.signer)) throw new UnverifiedObjectError(OBJECT, 'signer');
  return snapshot;
}

function digestOf(body: Uint8Array): Uint8Array {
  return keccak_256(concat(tagWord('medseal snapshot'), body));
}
