import { createHash } from 'node:crypto';
import { exportKeys, importKeys, type ParticipantKeys } from '@medseal/core/adapter';

/**
 * Name of a subject's file: the hash of what the application's login calls him. It keeps names out of listings and
 * backups; who can guess a name can find its file.
 *
 * @throws TypeError when the subject is empty or not well-formed Unicode.
 */
export function subjectFile(subject: string): string {
  // UTF-8 replaces lone surrogates: different subjects would become one.
  if (subject === '' || !subject.isWellFormed()) throw new TypeError('The subject must be well-formed text, not empty');
  return createHash('sha256').update('medseal key store subject v1\0').update(subject, 'utf8').digest('hex');
}

/** Keys as they lie in a file: bound to its name, so that exchanged files do not open. */
export function sealKeys(
  keys: ParticipantKeys,
  file: string,
  passphrase: string,
  logN: number | undefined,
): Promise<Uint8Array> {
  return exportKeys(keys, passphrase, { logN, boundTo: Buffer.from(file, 'hex') });
}

/** @throws DecryptionError for a wrong passphrase, damaged bytes, and the bytes of another file. */
export function openKeys(bytes: Uint8Array, file: string, passphrase: string): Promise<ParticipantKeys> {
  return importKeys(bytes, passphrase, { boundTo: Buffer.from(file, 'hex') });
}
