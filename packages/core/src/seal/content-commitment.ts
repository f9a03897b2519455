import type { Hex } from '@medseal/protocol';
import { byteWriter } from '../lib/byte-writer.ts';
import { taggedDigest } from '../lib/digest.ts';
import type { Metadata } from './metadata.ts';

/** What `anchorRecord` says of the content: SHA-256 over a tag, plaintext digest, time of measurement and salt. */
export function contentCommitment(
  content: Pick<Metadata, 'plaintextDigest' | 'measuredAt'> & { readonly salt: Uint8Array },
): Hex {
  const fields = byteWriter()
    .hex(content.plaintextDigest, 32, 'plaintextDigest')
    .u40(content.measuredAt, 'measuredAt')
    .fixed(content.salt, 32, 'salt')
    .done();
  return taggedDigest('medseal content', fields);
}
