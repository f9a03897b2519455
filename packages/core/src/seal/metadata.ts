import { concat, type Hex } from '@medseal/protocol';
import { DecryptionError } from '../errors/decryption-error.ts';
import { openOnce, sealOnce, TAG_BYTES } from '../lib/aead.ts';
import { readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';
import { deriveKey } from '../lib/kdf.ts';
import { freshSalt } from '../lib/random.ts';
import { wipe } from '../lib/wipe.ts';

/** What a header says of the content, for those alone who can open it. */
export interface Metadata {
  readonly mediaType: string;
  /** Bytes of the content. */
  readonly size: number;
  /** When the content was measured or written, seconds since 1970. */
  readonly measuredAt: number;
  /** SHA-256 of the content. */
  readonly plaintextDigest: Hex;
  /** 32 random bytes: opens the content commitment on the ledger. */
  readonly commitmentSalt: Uint8Array;
}

const MAX_MEDIA_TYPE = 255;
const FIXED_FIELDS = 6 + 5 + 32 + 32 + 4;
/** Of one length, so that it does not tell the media type. */
const PADDED = 384;
const SALT = 32;

/** Length of encrypted metadata: salt ‖ AES-256-GCM of the padded fields. */
export const METADATA_BYTES: number = SALT + PADDED + TAG_BYTES;

/** @throws RangeError when the media type or the time can not stand in a header. */
export function checkMetadata({ mediaType, measuredAt }: Pick<Metadata, 'mediaType' | 'measuredAt'>): void {
  if (!isMediaType(mediaType)) throw new RangeError('mediaType must be a media type of at most 255 characters');
  byteWriter().u40(measuredAt, 'measuredAt');
}

export async function sealMetadata(metadata: Metadata, dataKey: Uint8Array): Promise<Uint8Array> {
  checkMetadata(metadata);
  const fields = byteWriter()
    .u48(metadata.size, 'size')
    .u40(metadata.measuredAt, 'measuredAt')
    .hex(metadata.plaintextDigest, 32, 'plaintextDigest')
    .fixed(metadata.commitmentSalt, 32, 'commitmentSalt')
    .utf8(metadata.mediaType, MAX_MEDIA_TYPE, 'mediaType')
    .done();
  const padded = new Uint8Array(PADDED);
  padded.set(fields);
  const salt = freshSalt();
  const key = deriveMetadataKey(dataKey, salt);
  const sealed = await sealOnce(key, padded);
  wipe(key, fields, padded);
  return concat(salt, sealed);
}

/** @throws DecryptionError, whatever is wrong. */
export async function openMetadata(sealed: Uint8Array, dataKey: Uint8Array): Promise<Metadata> {
  try {
    const key = deriveMetadataKey(dataKey, sealed.slice(0, SALT));
    const fields = await openOnce(key, sealed.slice(SALT)).finally(() => wipe(key));
    return parseMetadata(fields);
  } catch {
    throw new DecryptionError();
  }
}

function parseMetadata(fields: Uint8Array): Metadata {
  return readObject(fields, 'metadata', (next) => {
    const size = next.u48('size');
    const measuredAt = next.u40('measuredAt');
    const plaintextDigest = next.hex(32, 'plaintextDigest');
    const commitmentSalt = next.fixed(32, 'commitmentSalt');
    const mediaType = next.utf8(MAX_MEDIA_TYPE, 'mediaType');
    next.require(isMediaType(mediaType), 'mediaType', 'is not a media type');
    const padding = next.fixed(PADDED - FIXED_FIELDS - mediaType.length, 'padding');
    next.require(!padding.some((byte) => byte !== 0), 'padding', 'is not zero');
    return { mediaType, size, measuredAt, plaintextDigest, commitmentSalt };
  });
}

/** type/subtype of RFC 6838, perhaps with parameters; all ASCII, so that its length is that of its bytes. */
function isMediaType(mediaType: string): boolean {
  return mediaType.length <= MAX_MEDIA_TYPE && /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:;[ -~]*)?$/.test(mediaType);
}

function deriveMetadataKey(dataKey: Uint8Array, salt: Uint8Array): Uint8Array {
  return deriveKey(dataKey, 'medseal metadata v1', { salt });
}
