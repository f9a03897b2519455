import { DecryptionError } from '../errors/decryption-error.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import { deriveKey, hmac } from '../lib/kdf.ts';
import { wipe } from '../lib/wipe.ts';

export const MAC_BYTES = 32;

/** HMAC-SHA-256 of a header under a key that comes from the data key. */
export function headerMac(body: Uint8Array, dataKey: Uint8Array, label: string): Uint8Array {
  const key = deriveKey(dataKey, label);
  const mac = hmac(key, body);
  wipe(key);
  return mac;
}

/**
 * Checks the HMAC at the end of a header: whoever made the header knew this data key. AES-GCM alone does not commit to
 * its key; this does.
 *
 * @throws DecryptionError
 */
export function verifyMac(header: Uint8Array, dataKey: Uint8Array, label: string): void {
  const end = Math.max(0, header.length - MAC_BYTES);
  if (!equalBytes(header.slice(end), headerMac(header.slice(0, end), dataKey, label))) throw new DecryptionError();
}
