import type { ByteReader } from '../lib/byte-reader.ts';

/** Characters; all ASCII, so bytes too. */
export const MAX_MEDIA_TYPE = 255;

/** @throws RangeError unless it is type/subtype of RFC 6838, perhaps with parameters, of at most 255 characters. */
export function requireMediaType(mediaType: string): void {
  if (!isMediaType(mediaType)) throw new RangeError('mediaType must be a media type of at most 255 characters');
}

export function readMediaType(next: ByteReader): string {
  const mediaType = next.utf8(MAX_MEDIA_TYPE, 'mediaType');
  next.require(isMediaType(mediaType), 'mediaType', 'is not a media type');
  return mediaType;
}

function isMediaType(mediaType: string): boolean {
  return mediaType.length <= MAX_MEDIA_TYPE && /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:;[ -~]*)?$/.test(mediaType);
}
