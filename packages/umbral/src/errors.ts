/**
 * What went wrong:
 * - `MALFORMED`: bytes that are not the one canonical encoding of the thing asked for;
 * - `BAD_THRESHOLD`: not 1 <= threshold <= shares;
 * - `INVALID_CAPSULE`, `INVALID_CAPSULE_PROOF`, `INVALID_KFRAG`, `INVALID_CFRAG`: well formed, but its check fails;
 * - `NOT_ENOUGH_FRAGMENTS`: an opening was asked for with no fragment at all;
 * - `DECRYPTION_FAILED`: the capsule or ciphertext does not open, for whatever reason.
 */
export type UmbralErrorCode =
  | 'MALFORMED'
  | 'BAD_THRESHOLD'
  | 'INVALID_CAPSULE'
  | 'INVALID_CAPSULE_PROOF'
  | 'INVALID_KFRAG'
  | 'INVALID_CFRAG'
  | 'NOT_ENOUGH_FRAGMENTS'
  | 'DECRYPTION_FAILED';

/** Every failure of this package that is not a wrong argument (`TypeError`). Never holds key bytes or plaintext. */
export class UmbralError extends Error {
  override readonly name = 'UmbralError';
  readonly code: UmbralErrorCode;

  constructor(code: UmbralErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The one failure of every opening: which check failed would help only an attacker. */
export function decryptionFailed(): UmbralError {
  return new UmbralError('DECRYPTION_FAILED', 'the key does not open this capsule and ciphertext');
}
