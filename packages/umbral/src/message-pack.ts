import { abytes } from '@noble/curves/utils.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { type Point, POINT_BYTES, SCALAR_BYTES, scalarFromBytes } from './curve.ts';
import { pointFromBytes } from './decode-point.ts';
import { UmbralError } from './errors.ts';
import { assertSignature, SIGNATURE_BYTES } from './signer.ts';

// The few MessagePack forms in which umbral-pre writes its objects: short arrays, bin 8, booleans.
const ARRAY = 0x90;
const BIN8 = 0xc4;
const FALSE = 0xc2;
const TRUE = 0xc3;

export function packArray(...items: readonly Uint8Array[]): Uint8Array {
  return concatBytes(Uint8Array.of(ARRAY | items.length), ...items);
}

export function packBytes(bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(BIN8, bytes.length), bytes);
}

export function packBoolean(value: boolean): Uint8Array {
  return Uint8Array.of(value ? TRUE : FALSE);
}

/** Reads the next item of an object, in exactly the form above. Every deviation throws `MALFORMED`. */
export interface Unpacker {
  array(length: number): void;
  bytes(length: number, field: string): Uint8Array;
  boolean(field: string): boolean;
  point(field: string): Point;
  scalar(field: string): bigint;
  signature(field: string): Uint8Array;
}

/** Reads one object with `read` and requires that nothing follows it. What comes out shares no memory with the input. */
export function unpack<T>(input: Uint8Array, object: string, read: (next: Unpacker) => T): T {
  const source = Uint8Array.from(abytes(input));
  let position = 0;
  const malformed = (what: string): UmbralError => new UmbralError('MALFORMED', `${object}: ${what}`);

  const array = (length: number): void => {
    if (source[position++] !== (ARRAY | length)) throw malformed(`expected an array of ${length}`);
  };
  const bytes = (length: number, field: string): Uint8Array => {
    const [marker, announced] = source.subarray(position, position + 2);
    const taken = source.slice(position + 2, position + 2 + length);
    if (marker !== BIN8 || announced !== length || taken.length !== length) {
      throw malformed(`${field} is not ${length} bytes`);
    }
    position += 2 + length;
    return taken;
  };
  const boolean = (field: string): boolean => {
    const marker = source[position++];
    if (marker !== TRUE && marker !== FALSE) throw malformed(`${field} is not a boolean`);
    return marker === TRUE;
  };
  const point = (field: string): Point => pointFromBytes(bytes(POINT_BYTES, field), `${object}: ${field}`);
  const scalar = (field: string): bigint => scalarFromBytes(bytes(SCALAR_BYTES, field), `${object}: ${field}`);
  const signature = (field: string): Uint8Array => {
    const taken = bytes(SIGNATURE_BYTES, field);
    assertSignature(taken, `${object}: ${field}`);
    return taken;
  };

  const value = read({ array, bytes, boolean, point, scalar, signature });
  if (position !== source.length) throw malformed('bytes follow its end');
  return value;
}
