import type { Hex } from '@medseal/protocol';
import { byteWriter } from '../lib/byte-writer.ts';
import { MAX_MEDIA_TYPE, readMediaType, requireMediaType } from './media-type.ts';
import { openPadded, sealPadded } from './padded-box.ts';

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

const LABEL = 'medseal metadata v1';

/** @throws RangeError when the media type or the time can not stand in a header. */
export function checkMetadata({ mediaType, measuredAt }: Pick<Metadata, 'mediaType' | 'measuredAt'>): void {
  requireMediaType(mediaType);
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
  return sealPadded(fields, dataKey, LABEL);
}

/** @throws DecryptionError, whatever is wrong. */
export function openMetadata(sealed: Uint8Array, dataKey: Uint8Array): Promise<Metadata> {
  return openPadded(sealed, { dataKey, label: LABEL }, (next) => ({
    size: next.u48('size'),
    measuredAt: next.u40('measuredAt'),
    plaintextDigest: next.hex(32, 'plaintextDigest'),
    commitmentSalt: next.fixed(32, 'commitmentSalt'),
    mediaType: readMediaType(next),
  }));
}
