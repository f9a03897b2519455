import { POINT_BYTES, type Point } from './curve.ts';
import { backend } from './current-backend.ts';
import { UmbralError } from './errors.ts';

/** Reads a compressed SEC 1 point, the only form accepted: not the identity, x below the field's prime. */
export function pointFromBytes(bytes: Uint8Array, field: string): Point {
  if (bytes.length !== POINT_BYTES) {
    throw new UmbralError('MALFORMED', `${field} is not a compressed point of ${POINT_BYTES} bytes`);
  }
  try {
    return backend().decode(bytes);
  } catch (cause) {
    throw new UmbralError('MALFORMED', `${field} is not a point of secp256k1`, { cause });
  }
}
