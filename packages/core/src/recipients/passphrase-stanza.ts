import { concat } from '@medseal/protocol';
import { DecryptionError } from '../errors/decryption-error.ts';
import { openOnce, sealOnce } from '../lib/aead.ts';
import { readObject } from '../lib/byte-reader.ts';
import { deriveKey } from '../lib/kdf.ts';
import { checkLogN, DEFAULT_LOG_N, isLogN, passphraseKey, requirePassphrase } from '../lib/passphrase.ts';
import { freshSalt } from '../lib/random.ts';
import { wipe } from '../lib/wipe.ts';
import { type FileIdentity, type FileRecipient, requireDataKey, type Stanza, WRAPPED_BYTES } from './stanza.ts';

/** Type of the stanza to a passphrase. It stands alone: who can guess the passphrase must gain nothing about others. */
export const PASSPHRASE_STANZA = 5;

const SALT_BYTES = 32;

/** Length of a passphrase stanza: logN ‖ salt ‖ wrapped data key. */
export const PASSPHRASE_STANZA_BYTES: number = 1 + SALT_BYTES + WRAPPED_BYTES;

/** @throws RangeError for an empty passphrase or a work factor out of bounds. */
export function passphraseRecipient(
  passphrase: string,
  { logN = DEFAULT_LOG_N }: { readonly logN?: number | undefined } = {},
): FileRecipient {
  requirePassphrase(passphrase);
  checkLogN(logN);
  return {
    type: PASSPHRASE_STANZA,
    async wrap(dataKey, context) {
      requireDataKey(dataKey);
      const salt = freshSalt();
      const key = await deriveStanzaKey(passphrase, salt, logN, context);
      const wrapped = await sealOnce(key, dataKey);
      wipe(key);
      return { type: PASSPHRASE_STANZA, bytes: concat(Uint8Array.of(logN), salt, wrapped) };
    },
  };
}

export function passphraseIdentity(passphrase: string): FileIdentity {
  return {
    type: PASSPHRASE_STANZA,
    async unwrap(stanza, context) {
      if (stanza.type !== PASSPHRASE_STANZA) throw new DecryptionError();
      try {
        const { logN, salt, wrapped } = parse(stanza);
        const key = await deriveStanzaKey(passphrase, salt, logN, context);
        return await openOnce(key, wrapped).finally(() => wipe(key));
      } catch {
        throw new DecryptionError();
      }
    },
  };
}

/** Whether the work factor is one that a reader takes upon itself. */
export function hasBoundedWork({ bytes }: Stanza): boolean {
  return isLogN(bytes[0] ?? 0);
}

function parse({ bytes }: Stanza): { readonly logN: number; readonly salt: Uint8Array; readonly wrapped: Uint8Array } {
  return readObject(bytes, 'passphrase stanza', (next) => {
    const logN = next.u8('logN');
    next.require(isLogN(logN), 'logN', 'is out of bounds');
    return { logN, salt: next.fixed(SALT_BYTES, 'salt'), wrapped: next.fixed(WRAPPED_BYTES, 'wrapped data key') };
  });
}

async function deriveStanzaKey(
  passphrase: string,
  salt: Uint8Array,
  logN: number,
  context: Uint8Array,
): Promise<Uint8Array> {
  const stretched = await passphraseKey(passphrase, salt, logN);
  const key = deriveKey(stretched, 'medseal passphrase stanza v1', { info: context });
  wipe(stretched);
  return key;
}
