import { concat } from '@medseal/protocol';
import { payloadCipher, SEALED_CHUNK_BYTES, CHUNK_BYTES } from '../src/seal/payload.ts';
import { sealMetadata } from '../src/seal/metadata.ts';
import type { VectorMaker } from './vector.ts';
import {
  bare,
  contentOf,
  type FileParts,
  fileOf,
  fileParts,
  patched,
  payloadOf,
  recordOf,
  recordParts,
  type RecordVectorParts,
} from './vector-parts.ts';

type Change = (payload: Uint8Array, parts: FileParts) => Uint8Array | Promise<Uint8Array>;

const payload =
  (size: number, comment: string, change: Change): VectorMaker =>
  async (name) => {
    const parts = await fileParts(contentOf(size));
    const file = fileOf({ ...parts, payload: await change(parts.payload, parts) });
    return {
      name,
      expect: 'payload',
      comment,
      key: ['x25519-secret', bare(parts.secret)],
      content: parts.content,
      file,
    };
  };

const record =
  (
    comment: string,
    change: (parts: RecordVectorParts) => RecordVectorParts | Promise<RecordVectorParts>,
  ): VectorMaker =>
  async (name) => {
    const parts = await recordParts('umbral', contentOf(20));
    const file = recordOf(await change(parts));
    return { name, expect: 'payload', comment, key: ['data-key', bare(parts.dataKey)], content: parts.content, file };
  };

const chunk = (bytes: Uint8Array, index: number): Uint8Array =>
  bytes.slice(index * SEALED_CHUNK_BYTES, (index + 1) * SEALED_CHUNK_BYTES);

async function sealedChunk(parts: FileParts, index: number, content: Uint8Array, last: boolean): Promise<Uint8Array> {
  const nonce = new Uint8Array(12);
  nonce.set([index, last ? 1 : 0], 10);
  const out = new Uint8Array(content.length + 16);
  await payloadCipher({ dataKey: parts.dataKey, salt: parts.payloadSalt }).encrypt(nonce, content, out);
  return out;
}

const TWO = CHUNK_BYTES + 50;

/** What opens and then turns out to be altered or cut. What was handed out until then is a beginning of the content. */
export const payloadVectors: Readonly<Record<string, VectorMaker>> = {
  'payload-absent': payload(20, 'nothing behind the header', () => new Uint8Array()),
  'payload-tag-cut': payload(20, 'the last byte is missing', (bytes) => bytes.slice(0, -1)),
  'payload-shorter-than-tag': payload(20, 'fifteen bytes', (bytes) => bytes.slice(0, 15)),
  'payload-bit': payload(20, 'one bit changed', (bytes) => patched(bytes, 3, (bytes[3] ?? 0) ^ 1)),
  'payload-tag-bit': payload(20, 'one bit of the tag changed', (bytes) => patched(bytes, -1, (bytes.at(-1) ?? 0) ^ 1)),
  'payload-empty-bit': payload(0, 'one bit of the tag of empty content changed', (bytes) =>
    patched(bytes, 0, (bytes[0] ?? 0) ^ 1),
  ),
  'payload-longer': payload(20, 'a byte behind the end', (bytes) => concat(bytes, Uint8Array.of(0))),
  'payload-last-bit': payload(TWO, 'one bit of the last chunk changed', (bytes) =>
    patched(bytes, -20, (bytes.at(-20) ?? 0) ^ 1),
  ),
  'payload-last-dropped': payload(TWO, 'the last chunk is missing', (bytes) => chunk(bytes, 0)),
  'payload-first-dropped': payload(TWO, 'the first chunk is missing', (bytes) => chunk(bytes, 1)),
  'payload-last-doubled': payload(TWO, 'the last chunk stands twice', (bytes) => concat(bytes, chunk(bytes, 1))),
  'payload-swapped': payload(TWO, 'the chunks are in another order', (bytes) =>
    concat(chunk(bytes, 1), chunk(bytes, 0)),
  ),
  'payload-not-marked-last': payload(20, 'the last chunk is not marked as one', (_, parts) =>
    sealedChunk(parts, 0, parts.content, false),
  ),
  'payload-wrong-number': payload(20, 'the first chunk has number 1', (_, parts) =>
    sealedChunk(parts, 1, parts.content, true),
  ),
  'payload-empty-last': payload(CHUNK_BYTES, 'an empty chunk behind full ones', async (_, parts) =>
    concat(await sealedChunk(parts, 0, parts.content, false), await sealedChunk(parts, 1, new Uint8Array(), true)),
  ),
  'payload-short-chunk': payload(100, 'a chunk that is not full and not the last', async (_, parts) =>
    concat(
      await sealedChunk(parts, 0, parts.content.slice(0, 50), false),
      await sealedChunk(parts, 1, parts.content.slice(50), true),
    ),
  ),
  'payload-of-another-salt': payload(20, 'a payload under the same data key and another salt', (_, parts) =>
    payloadOf(parts.content, parts.dataKey, new Uint8Array(32)),
  ),
  'payload-record-cut': record('the payload of a record ends early', (parts) => ({
    ...parts,
    payload: parts.payload.slice(0, -1),
  })),
  'payload-record-digest': record('the header of a record names another digest of the payload', (parts) => ({
    ...parts,
    header: { ...parts.header, blob: { ...parts.header.blob, digest: `0x${'12'.repeat(32)}` } },
  })),
  'payload-record-content-digest': record(
    'the metadata of a record name another digest of the content',
    async (parts) => {
      const wrong = await sealMetadata({ ...parts.metadata, plaintextDigest: `0x${'12'.repeat(32)}` }, parts.dataKey);
      return { ...parts, header: { ...parts.header, metadata: wrong } };
    },
  ),
};
