import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { isKeyName, requireKeyName } from './key-name.ts';
import { requireSize } from './require-size.ts';
import { emptyRoot } from './tree-hash.ts';

/** What a log commits itself to: its name, how many entries it has, and the root of the tree over them. */
export interface Checkpoint {
  /** Name of the log, such as `example.org/log`; here always the name of the key that signs. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

const HASH_BYTES = 32;

/**
 * Text of a checkpoint, to be signed as a note (C2SP tlog-checkpoint).
 *
 * @throws RangeError for what can not be a name, a size or a root.
 */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  requireKeyName(origin);
  requireSize(size);
  if (root.length !== HASH_BYTES) throw new RangeError('The root of a tree has 32 bytes');
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/**
 * Reads the text of a checkpoint. Extension lines, which no log of medseal writes, are refused.
 *
 * @throws MalformedObjectError
 */
export function parseCheckpoint(text: string): Checkpoint {
  const malformed = (field: string, what: string): MalformedObjectError =>
    new MalformedObjectError('checkpoint', field, what);
  const [origin = '', decimal = '', encoded = '', end, ...more] = text.split('\n');
  if (!isKeyName(origin)) throw malformed('origin', 'can not be the name of a key');
  const size = parseDecimal(decimal);
  if (size === undefined) throw malformed('size', 'is no decimal number, or too great');
  const root = fromBase64(encoded);
  if (root?.length !== HASH_BYTES) throw malformed('root', 'is not base64 of 32 bytes');
  if (size === 0 && !equalBytes(root, emptyRoot)) throw malformed('root', 'is not that of a log without entries');
  if (end !== '' || more.length > 0) throw malformed('end', 'is not after the third line');
  return { origin, size, root };
}

/** A whole number without leading zeros; `undefined` for another text, or one beyond 2^53 - 1. */
export function parseDecimal(text: string): number | undefined {
  const value = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(value) ? value : undefined;
}
