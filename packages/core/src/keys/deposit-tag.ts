import { type Address, concat, type Domain, fromHex, type Hex, type Level, toHex } from '@medseal/protocol';
import { DecryptionError } from '../errors/decryption-error.ts';
import { openOnce, sealOnce } from '../lib/aead.ts';
import { byteWriter } from '../lib/byte-writer.ts';
import { deriveKey, hmac } from '../lib/kdf.ts';
import { freshSalt } from '../lib/random.ts';
import { wipe } from '../lib/wipe.ts';
import type { ParticipantKeys } from '../ports/key-store.ts';
import { MAX_MEDIA_TYPE } from '../seal/media-type.ts';

/** What makes two deposits of one author the same. */
export interface DepositIdentity {
  readonly domain: Domain;
  readonly patient: Address;
  /** Compartment tag. */
  readonly compartment: Hex;
  readonly level: Level;
  readonly epoch: number;
  readonly mediaType: string;
  /** Seconds since 1970, where the author has stated it; a time that the clock put in says nothing about the content. */
  readonly measuredAt: number | undefined;
  /** SHA-256 of the content. */
  readonly plaintextDigest: Hex;
}

/** Where an author keeps what he remembers of a deposit, and how he reads it. */
export interface DepositTag {
  /** Under which it lies in the directory: random to everybody else. */
  readonly id: Hex;
  /** The record's id, encrypted. */
  seal(record: Hex): Promise<Uint8Array>;
  /** @throws DecryptionError for what this author has not sealed under this tag. */
  open(box: Uint8Array): Promise<Hex>;
}

const SALT_BYTES = 32;

/**
 * The tag of a deposit: HMAC under a key that its author alone can derive, another one for each patient. Neither the
 * directory nor another author can compute it from a content that they guess.
 *
 * @param number from 0: where the records of all lower numbers were erased, the next one has nothing in common with them
 */
export function depositTag(
  { delegatingRoot }: Pick<ParticipantKeys, 'delegatingRoot'>,
  { domain, patient, ...identity }: DepositIdentity,
  number: number,
): DepositTag {
  const info = byteWriter().hex(domain, 32, 'domain').hex(patient, 20, 'patient').done();
  const key = deriveKey(delegatingRoot, 'medseal deposit tag v1', { info });
  const fields = byteWriter()
    .hex(identity.plaintextDigest, 32, 'plaintextDigest')
    .hex(identity.compartment, 32, 'compartment')
    .level(identity.level, 'level')
    .u32(identity.epoch, 'epoch')
    .flag(identity.measuredAt !== undefined, 'measuredAt')
    .u40(identity.measuredAt ?? 0, 'measuredAt')
    .utf8(identity.mediaType, MAX_MEDIA_TYPE, 'mediaType')
    .u32(number, 'number')
    .done();
  const id = hmac(key, fields);
  const boxKey = (salt: Uint8Array): Uint8Array =>
    deriveKey(delegatingRoot, 'medseal deposit tag box v1', { salt, info: concat(info, id) });
  wipe(key, fields);
  return {
    id: toHex(id),
    async seal(record) {
      const salt = freshSalt();
      const secret = boxKey(salt);
      return concat(salt, await sealOnce(secret, fromHex(record)).finally(() => wipe(secret)));
    },
    async open(box) {
      const secret = boxKey(box.slice(0, SALT_BYTES));
      const record = await openOnce(secret, box.slice(SALT_BYTES)).finally(() => wipe(secret));
      if (record.length !== 32) throw new DecryptionError();
      return toHex(record);
    },
  };
}
