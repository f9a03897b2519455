import { abytes } from '@noble/curves/utils.js';
import { type Capsule, checkedCapsule } from './capsule.ts';
import { POINT_BYTES, SCALAR_BYTES, scalarFromBytes, scalarToBytes } from './curve.ts';
import { pointFromBytes } from './decode-point.ts';
import { UmbralError } from './errors.ts';
import { packArray, packBytes, unpack } from './message-pack.ts';

const SIMPLE_BYTES = 2 * POINT_BYTES + SCALAR_BYTES;

/** The MessagePack form of umbral-pre, 105 bytes. */
export function capsuleToBytes({ E, V, s }: Capsule): Uint8Array {
  return packArray(packBytes(E.toBytes()), packBytes(V.toBytes()), packBytes(scalarToBytes(s)));
}

/** Reads and checks the MessagePack form. Throws `MALFORMED` or `INVALID_CAPSULE`. */
export function capsuleFromBytes(bytes: Uint8Array): Capsule {
  const { E, V, s } = unpack(bytes, 'capsule', (next) => {
    next.array(3);
    return { E: next.point('E'), V: next.point('V'), s: next.scalar('s') };
  });
  return checkedCapsule(E, V, s);
}

/** Reads and checks the form without framing, 98 bytes. Throws `MALFORMED` or `INVALID_CAPSULE`. */
export function capsuleFromSimpleBytes(bytes: Uint8Array): Capsule {
  if (abytes(bytes).length !== SIMPLE_BYTES) {
    throw new UmbralError('MALFORMED', `capsule is not ${SIMPLE_BYTES} bytes`);
  }
  const E = pointFromBytes(bytes.subarray(0, POINT_BYTES), 'capsule: E');
  const V = pointFromBytes(bytes.subarray(POINT_BYTES, 2 * POINT_BYTES), 'capsule: V');
  const s = scalarFromBytes(bytes.subarray(2 * POINT_BYTES), 'capsule: s');
  return checkedCapsule(E, V, s);
}
