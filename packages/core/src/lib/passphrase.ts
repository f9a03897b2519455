import { scrypt } from './scrypt.ts';

// scrypt with r = 8, p = 1: 2^17 takes 128 MiB, what OWASP asks for. The bound keeps a hostile file from taking a gigabyte.
export const DEFAULT_LOG_N = 17;
const MIN_LOG_N = 14;
const MAX_LOG_N = 18;

/** Whether the logarithm of scrypt's work factor N is one that is written and read. */
export function isLogN(logN: number): boolean {
  return Number.isInteger(logN) && logN >= MIN_LOG_N && logN <= MAX_LOG_N;
}

/** @throws RangeError */
export function checkLogN(logN: number): void {
  if (!isLogN(logN)) throw new RangeError(`logN must be a whole number from ${MIN_LOG_N} to ${MAX_LOG_N}`);
}

/** @throws RangeError when it is empty or not well-formed Unicode. */
export function requirePassphrase(passphrase: string): void {
  if (passphrase === '') throw new RangeError('The passphrase must not be empty');
  // UTF-8 replaces lone surrogates: different passphrases would become one.
  if (!passphrase.isWellFormed()) throw new RangeError('The passphrase must be well-formed Unicode');
}

/**
 * 32 bytes by scrypt (RFC 7914), r = 8, p = 1. NFKC: keyboards and systems differ in how they compose the same
 * characters.
 */
export function passphraseKey(passphrase: string, salt: Uint8Array, logN: number): Promise<Uint8Array> {
  return scrypt(passphrase.normalize('NFKC'), salt, { N: 2 ** logN, r: 8, p: 1, dkLen: 32 });
}
