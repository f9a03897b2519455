import { DecryptionError } from '../errors/decryption-error.ts';
import { openOnce, sealOnce, TAG_BYTES } from '../lib/aead.ts';
import { readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';
import { checkLogN, DEFAULT_LOG_N, isLogN, passphraseKey, requirePassphrase } from '../lib/passphrase.ts';
import { freshSalt } from '../lib/random.ts';
import { wipe } from '../lib/wipe.ts';
import type { ParticipantKeys } from '../ports/key-store.ts';
import { keysFromSecrets, secretsOf } from './participant-keys.ts';

const MAGIC = 0x4d534b46;
const VERSION = 1;
const SECRETS_BYTES = 4 * 32;

export interface ImportOptions {
  /** What the file is bound to, such as a subject: it opens under the same bytes only. Nothing by default. */
  readonly boundTo?: Uint8Array | undefined;
}

export interface ExportOptions extends ImportOptions {
  /** Logarithm of scrypt's work factor N, 14 to 18; 17 unless told. */
  readonly logN?: number | undefined;
}

/**
 * A participant's keys, encrypted under a passphrase: magic ‖ version ‖ logN ‖ salt ‖ AES-256-GCM of the four secrets
 * under scrypt(passphrase in NFKC, salt ‖ boundTo).
 */
export async function exportKeys(
  keys: ParticipantKeys,
  passphrase: string,
  { logN = DEFAULT_LOG_N, boundTo }: ExportOptions = {},
): Promise<Uint8Array> {
  requirePassphrase(passphrase);
  checkLogN(logN);
  const salt = freshSalt();
  const { signing, receiving, delegatingRoot, fragmentSigning } = secretsOf(keys);
  const secrets = byteWriter()
    .fixed(signing, 32, 'signing key')
    .fixed(receiving, 32, 'receiving key')
    .fixed(delegatingRoot, 32, 'delegating root')
    .fixed(fragmentSigning, 32, 'fragment-signing key')
    .done();
  const key = await passphraseKey(passphrase, saltFor(salt, boundTo), logN);
  const sealed = await sealOnce(key, secrets);
  wipe(secrets, key);
  return byteWriter()
    .u32(MAGIC, 'magic')
    .u8(VERSION, 'version')
    .u8(logN, 'logN')
    .fixed(salt, 32, 'salt')
    .fixed(sealed, SECRETS_BYTES + TAG_BYTES, 'sealed keys')
    .done();
}

/** @throws DecryptionError for a wrong passphrase and for damaged bytes alike. */
export async function importKeys(
  bytes: Uint8Array,
  passphrase: string,
  { boundTo }: ImportOptions = {},
): Promise<ParticipantKeys> {
  try {
    const { logN, salt, sealed } = parseKeyFile(bytes);
    const key = await passphraseKey(passphrase, saltFor(salt, boundTo), logN);
    const secrets = await openOnce(key, sealed).finally(() => wipe(key));
    return readObject(secrets, 'keys', (next) =>
      keysFromSecrets({
        signing: next.fixed(32, 'signing key'),
        receiving: next.fixed(32, 'receiving key'),
        delegatingRoot: next.fixed(32, 'delegating root'),
        fragmentSigning: next.fixed(32, 'fragment-signing key'),
      }),
    );
  } catch {
    throw new DecryptionError();
  }
}

/** The random salt has one length, so no two pairs give the same bytes. */
function saltFor(salt: Uint8Array, boundTo: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = new Uint8Array(salt.length + boundTo.length);
  bytes.set(salt);
  bytes.set(boundTo, salt.length);
  return bytes;
}

interface KeyFile {
  readonly logN: number;
  readonly salt: Uint8Array;
  readonly sealed: Uint8Array;
}

function parseKeyFile(bytes: Uint8Array): KeyFile {
  return readObject(bytes, 'key file', (next) => {
    next.require(next.u32('magic') === MAGIC, 'magic', 'is unknown');
    next.require(next.u8('version') === VERSION, 'version', 'is unknown');
    const logN = next.u8('logN');
    next.require(isLogN(logN), 'logN', 'is out of bounds');
    return { logN, salt: next.fixed(32, 'salt'), sealed: next.fixed(SECRETS_BYTES + TAG_BYTES, 'sealed keys') };
  });
}
