import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { parseDecimal } from './checkpoint.ts';
import { parseNote } from './parse-note.ts';
import { requireSize } from './require-size.ts';

/** That an entry stands in a log, with all that is needed to check it. */
export interface Proof {
  /** Canonical bytes of the entry: what the leaf is the hash of. */
  readonly entry: Uint8Array;
  /** Place in the log, from 0. */
  readonly index: number;
  /** Siblings from the leaf up to the child of the root. */
  readonly hashes: readonly Uint8Array[];
  /** Signed checkpoint, with the cosignatures that it has. */
  readonly checkpoint: string;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const HASH_BYTES = 32;
/** As many as the tallest tree has levels. */
const MAX_HASHES = 63;

/**
 * A proof in the text form of C2SP tlog-proof, as UTF-8. The entry stands in the line `extra`.
 *
 * @throws RangeError for an index that is none, MalformedObjectError when the checkpoint is no note.
 */
export function encodeProof({ entry, index, hashes, checkpoint }: Proof): Uint8Array {
  requireSize(index);
  parseNote(checkpoint);
  const lines = [HEADER, `extra ${toBase64(entry)}`, `index ${index}`, ...hashes.map(toBase64), '', checkpoint];
  return new TextEncoder().encode(lines.join('\n'));
}

/**
 * Takes a proof apart. Nothing of it is verified.
 *
 * @throws MalformedObjectError
 */
export function parseProof(bytes: Uint8Array): Proof {
  const text = decodeUtf8(bytes);
  const end = text.indexOf('\n\n');
  if (end === -1) throw malformed('checkpoint', 'is missing');
  const [header, extra = '', place = '', ...encoded] = text.slice(0, end).split('\n');
  if (header !== HEADER) throw malformed('header', 'is unknown');
  const entry = extra.startsWith('extra ') ? fromBase64(extra.slice('extra '.length)) : undefined;
  if (entry === undefined) throw malformed('extra', 'is no base64 of an entry');
  const index = place.startsWith('index ') ? parseDecimal(place.slice('index '.length)) : undefined;
  if (index === undefined) throw malformed('index', 'is no decimal number, or too great');
  if (encoded.length > MAX_HASHES) throw malformed('hashes', `are more than ${MAX_HASHES}`);
  const hashes = encoded.map((line) => {
    const hash = fromBase64(line);
    if (hash?.length !== HASH_BYTES) throw malformed('hash', 'is not base64 of 32 bytes');
    return hash;
  });
  const checkpoint = text.slice(end + 2);
  parseNote(checkpoint);
  return { entry, index, hashes, checkpoint };
}

function malformed(field: string, what: string, options?: ErrorOptions): MalformedObjectError {
  return new MalformedObjectError('log proof', field, what, options);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw malformed('text', 'is not UTF-8', { cause });
  }
}
