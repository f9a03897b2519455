import { concat } from '@medseal/protocol';
import { sealOnce } from '../src/lib/aead.ts';
import { byteWriter } from '../src/lib/byte-writer.ts';
import { deriveKey } from '../src/lib/kdf.ts';
import { freshSalt } from '../src/lib/random.ts';
import { passphraseRecipient } from '../src/recipients/passphrase-stanza.ts';
import { encodeHeader } from '../src/seal/header.ts';
import { sealMetadata } from '../src/seal/metadata.ts';
import type { VectorMaker } from './vector.ts';
import {
  authenticated,
  bare,
  contentOf,
  type FileParts,
  fileOf,
  fileParts,
  frame,
  headerOf,
  patched,
  recordOf,
  recordParts,
  type RecordVectorParts,
} from './vector-parts.ts';

const FIRST_BYTES = 4 + 1 + 1 + 32 + 432 + 1 + 1 + 4;

const file =
  (comment: string, change: (parts: FileParts) => Uint8Array | Promise<Uint8Array>): VectorMaker =>
  async (name) => {
    const parts = await fileParts(contentOf(20));
    return { name, expect: 'refused', comment, key: ['x25519-secret', bare(parts.secret)], file: await change(parts) };
  };

/** A defect in the stanza, its HMAC made again. */
const stanza = (comment: string, change: (header: Uint8Array) => Uint8Array): VectorMaker =>
  file(comment, (parts) => frame(authenticated(change(headerOf(parts)), parts.dataKey), parts.payload));

/** Metadata of 384 bytes that its maker wrote wrongly, in a header that authenticates. */
const metadata = (comment: string, written: Uint8Array): VectorMaker =>
  file(comment, async (parts) => {
    const padded = new Uint8Array(384);
    padded.set(written);
    const salt = freshSalt();
    const key = deriveKey(parts.dataKey, 'medseal file metadata v1', { salt });
    return fileOf({ ...parts, metadata: concat(salt, await sealOnce(key, padded)) });
  });

const record =
  (comment: string, change: (parts: RecordVectorParts) => Uint8Array | Promise<Uint8Array>): VectorMaker =>
  async (name) => {
    const parts = await recordParts('umbral', contentOf(20));
    return { name, expect: 'refused', comment, key: ['data-key', bare(parts.dataKey)], file: await change(parts) };
  };

function fields(time: number, type: string): Uint8Array {
  return byteWriter().u40(time, 'time').utf8(type, 255, 'type').done();
}

/** What is well formed but does not open. Known before any content is handed out. */
export const refusedVectors: Readonly<Record<string, VectorMaker>> = {
  'refused-hmac': file('one bit of the HMAC changed', (parts) => {
    const header = headerOf(parts);
    return frame(patched(header, -1, (header.at(-1) ?? 0) ^ 1), parts.payload);
  }),
  'refused-hmac-cut-of-body': file('one bit of the payload’s salt changed, HMAC as it was', (parts) => {
    const header = headerOf(parts);
    return frame(patched(header, 6, (header[6] ?? 0) ^ 1), parts.payload);
  }),
  'refused-key': async (name) => {
    const parts = await fileParts(contentOf(20));
    const comment = 'the key of somebody else';
    return { name, expect: 'refused', comment, key: ['x25519-secret', '01'.repeat(32)], file: fileOf(parts) };
  },
  'refused-kind-of-key': async (name) => {
    const parts = await fileParts(contentOf(20));
    return {
      name,
      expect: 'refused',
      comment: 'a passphrase for a file to a key',
      key: ['passphrase', 'x'],
      file: fileOf(parts),
    };
  },
  'refused-data-key': async (name) => {
    const parts = await fileParts(contentOf(20));
    return {
      name,
      expect: 'refused',
      comment: 'another data key',
      key: ['data-key', '01'.repeat(32)],
      file: fileOf(parts),
    };
  },
  'refused-passphrase': async (name) => {
    const parts = await fileParts(contentOf(20), { recipients: [passphraseRecipient('correct horse', { logN: 14 })] });
    return {
      name,
      expect: 'refused',
      comment: 'another passphrase',
      key: ['passphrase', 'wrong horse'],
      file: fileOf(parts),
    };
  },
  'refused-ephemeral': stanza('one bit of the ephemeral key changed', (header) =>
    patched(header, FIRST_BYTES, (header[FIRST_BYTES] ?? 0) ^ 1),
  ),
  'refused-ephemeral-top-bit': stanza('the bit of the ephemeral key changed that X25519 ignores', (header) =>
    patched(header, FIRST_BYTES + 31, (header[FIRST_BYTES + 31] ?? 0) ^ 0x80),
  ),
  'refused-low-order': stanza('an ephemeral key of low order', (header) =>
    patched(header, FIRST_BYTES, ...new Uint8Array(32)),
  ),
  'refused-wrapped-key': stanza('one bit of the wrapped data key changed', (header) =>
    patched(header, FIRST_BYTES + 40, (header[FIRST_BYTES + 40] ?? 0) ^ 1),
  ),
  'refused-stanza-of-another-file': file(
    'a stanza that was made for another file and the same data key',
    async (parts) => {
      const payloadSalt = freshSalt();
      return fileOf({ ...parts, payloadSalt });
    },
  ),
  'refused-metadata': file('one bit of the metadata changed', (parts) =>
    fileOf({ ...parts, metadata: patched(parts.metadata, 100, (parts.metadata[100] ?? 0) ^ 1) }),
  ),
  'refused-metadata-padding': metadata(
    'padding that is not zero',
    concat(fields(0, 'text/plain'), Uint8Array.of(0, 1)),
  ),
  'refused-metadata-media-type': metadata('a media type that is none', fields(0, 'plain text')),
  'refused-metadata-length': metadata(
    'a media type of 256 bytes, as it says',
    concat(new Uint8Array(5), Uint8Array.of(0, 0, 1, 0), new TextEncoder().encode(`text/${'x'.repeat(251)}`)),
  ),
  'refused-record-hmac': record('one bit of a record’s HMAC changed', (parts) => {
    const header = encodeHeader(parts.header, parts.dataKey);
    return frame(patched(header, -1, (header.at(-1) ?? 0) ^ 1), parts.payload);
  }),
  'refused-record-size': record('the payload’s size does not follow from the content’s', (parts) => {
    const { header } = parts;
    return recordOf({ ...parts, header: { ...header, blob: { ...header.blob, size: header.blob.size + 1 } } });
  }),
  'refused-record-metadata-size': record('the content’s size is another one', async (parts) => {
    const wrong = await sealMetadata({ ...parts.metadata, size: parts.metadata.size + 1 }, parts.dataKey);
    return recordOf({ ...parts, header: { ...parts.header, metadata: wrong } });
  }),
};
