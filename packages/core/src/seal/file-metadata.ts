import { byteWriter } from '../lib/byte-writer.ts';
import { MAX_MEDIA_TYPE, readMediaType, requireMediaType } from './media-type.ts';
import { openPadded, sealPadded } from './padded-box.ts';

/** What a sealed file says of its content. Size and digest are missing: it is written before the content is known. */
export interface FileMetadata {
  readonly mediaType: string;
  /** When the content was measured or written, seconds since 1970. */
  readonly measuredAt: number;
}

const LABEL = 'medseal file metadata v1';

/** @throws RangeError when the media type or the time can not stand in a header. */
export async function sealFileMetadata(metadata: FileMetadata, dataKey: Uint8Array): Promise<Uint8Array> {
  requireMediaType(metadata.mediaType);
  const fields = byteWriter()
    .u40(metadata.measuredAt, 'measuredAt')
    .utf8(metadata.mediaType, MAX_MEDIA_TYPE, 'mediaType')
    .done();
  return sealPadded(fields, dataKey, LABEL);
}

/** @throws DecryptionError, whatever is wrong. */
export function openFileMetadata(sealed: Uint8Array, dataKey: Uint8Array): Promise<FileMetadata> {
  return openPadded(sealed, { dataKey, label: LABEL }, (next) => ({
    measuredAt: next.u40('measuredAt'),
    mediaType: readMediaType(next),
  }));
}
