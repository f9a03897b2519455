import { concat } from '@medseal/protocol';
import { DecryptionError } from '../errors/decryption-error.ts';
import { openOnce, sealOnce, TAG_BYTES } from '../lib/aead.ts';
import { type ByteReader, readObject } from '../lib/byte-reader.ts';
import { deriveKey } from '../lib/kdf.ts';
import { freshSalt } from '../lib/random.ts';
import { wipe } from '../lib/wipe.ts';

/** Of one length, so that it does not tell the media type. */
const PADDED_BYTES = 384;
const SALT_BYTES = 32;

/** Length of encrypted metadata: salt ‖ AES-256-GCM of the padded fields. */
export const METADATA_BYTES: number = SALT_BYTES + PADDED_BYTES + TAG_BYTES;

/** Encrypts fields of at most 384 bytes, zeros behind them, under HKDF(data key, fresh salt). Wipes the fields. */
export async function sealPadded(fields: Uint8Array, dataKey: Uint8Array, label: string): Promise<Uint8Array> {
  const padded = new Uint8Array(PADDED_BYTES);
  padded.set(fields);
  const salt = freshSalt();
  const key = deriveKey(dataKey, label, { salt });
  const sealed = await sealOnce(key, padded);
  wipe(key, fields, padded);
  return concat(salt, sealed);
}

/**
 * Decrypts and reads what `sealPadded` made: the fields, and behind them nothing but zeros.
 *
 * @throws DecryptionError, whatever is wrong.
 */
export async function openPadded<T>(
  sealed: Uint8Array,
  { dataKey, label }: { readonly dataKey: Uint8Array; readonly label: string },
  read: (next: ByteReader) => T,
): Promise<T> {
  try {
    const key = deriveKey(dataKey, label, { salt: sealed.slice(0, SALT_BYTES) });
    const padded = await openOnce(key, sealed.slice(SALT_BYTES)).finally(() => wipe(key));
    return readPadded(padded, read);
  } catch {
    throw new DecryptionError();
  }
}

function readPadded<T>(padded: Uint8Array, read: (next: ByteReader) => T): T {
  return readObject(padded, 'metadata', (next) => {
    const fields = read(next);
    for (let left = next.left(); left > 0; left--) next.require(next.u8('padding') === 0, 'padding', 'is not zero');
    return fields;
  });
}
