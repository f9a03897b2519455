import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { parseDecimal } from './checkpoint.ts';
import { parseNote } from './parse-note.ts';

export interface WitnessRequest {
  /** Size of the checkpoint that the witness cosigned last, 0 for none. */
  readonly oldSize: number;
  /** Consistency proof from there to the checkpoint. */
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: string;
}

const HASH_BYTES = 32;
const MAX_HASHES = 63;

/** Body of a request `add-checkpoint` to a witness (C2SP tlog-witness). */
export function encodeWitnessRequest({ oldSize, proof, checkpoint }: WitnessRequest): string {
  return [`old ${oldSize}`, ...proof.map(toBase64), '', checkpoint].join('\n');
}

/** @throws MalformedObjectError */
export function parseWitnessRequest(text: string): WitnessRequest {
  const malformed = (field: string, what: string): MalformedObjectError =>
    new MalformedObjectError('witness request', field, what);
  const end = text.indexOf('\n\n');
  if (end === -1) throw malformed('checkpoint', 'is missing');
  const [old = '', ...lines] = text.slice(0, end).split('\n');
  const oldSize = old.startsWith('old ') ? parseDecimal(old.slice('old '.length)) : undefined;
  if (oldSize === undefined) throw malformed('old size', 'is no decimal number, or too great');
  if (lines.length > MAX_HASHES) throw malformed('proof', `has more than ${MAX_HASHES} hashes`);
  const proof = lines.map((line) => {
    const hash = fromBase64(line);
    if (hash?.length !== HASH_BYTES) throw malformed('proof', 'is not base64 of hashes of 32 bytes');
    return hash;
  });
  const checkpoint = text.slice(end + 2);
  parseNote(checkpoint);
  return { oldSize, proof, checkpoint };
}
