import type { Domain, Hex } from '@medseal/protocol';
import { DecryptionError } from '../errors/decryption-error.ts';
import { UnverifiedObjectError } from '../errors/unverified-object-error.ts';
import { throwIfAborted } from '../lib/abort.ts';
import { collectBytes, toByteStream, toReadableStream } from '../lib/byte-stream.ts';
import { ciphertextHash } from '../lib/ciphertext-hash.ts';
import { type Digesting, digesting } from '../lib/digest.ts';
import { type OnProgress, reporting } from '../lib/progress.ts';
import { requireRange } from '../lib/require-range.ts';
import type { CallOptions } from '../ports/call-options.ts';
import { contentCommitment } from './content-commitment.ts';
import { parseHeader, verifyHeaderMac } from './header.ts';
import { type Metadata, openMetadata } from './metadata.ts';
import { openChunks, type PayloadSource, type ReadableStore } from './open-chunks.ts';
import { openRange } from './open-range.ts';
import { chunkCount, payloadCipher, sealedSize } from './payload.ts';

export interface OpenParameters extends CallOptions {
  readonly header: Uint8Array;
  readonly dataKey: Uint8Array;
  readonly store: ReadableStore;
  readonly domain: Domain;
  /** The anchor's, to be compared with. */
  readonly contentCommitment?: Hex | undefined;
  /** Told the bytes of `content` that have been read so far. */
  readonly onProgress?: OnProgress | undefined;
}

/** An opened record. `content` and `bytes` give the content once: as a stream, or whole. */
export interface OpenedContent {
  readonly recordId: Hex;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** When the content was measured or written, seconds since 1970. */
  readonly measuredAt: number;
  readonly contentCommitment: Hex;
  /** Fails with `DecryptionError` where the payload was altered or cut: it is whole only when it ends without an error. */
  readonly content: ReadableStream<Uint8Array>;
  /** The whole content, or a failure as above; `TypeError` where somebody has begun to read it. */
  bytes(): Promise<Uint8Array>;
  /**
   * The bytes from `start` up to, not including, `end`, as often as wanted. Reads only the chunks that hold them. Every
   * byte is authentic and in its place; only reading the whole compares its digests.
   *
   * @throws RangeError unless 0 ≤ start ≤ end ≤ size.
   */
  range(start: number, end: number): ReadableStream<Uint8Array>;
}

/**
 * Opens a record with its data key. The header's HMAC is checked before anything is decrypted; while the content is
 * read, each chunk is authenticated, and at the end the digests of payload and content are compared. That the ledger
 * anchors this header is for the caller to check. The data key may be wiped once this resolves.
 *
 * @throws MalformedObjectError, UnverifiedObjectError (another ledger's header), DecryptionError
 */
export async function openContent({
  header: bytes,
  dataKey,
  store,
  domain,
  contentCommitment: anchored,
  signal,
  onProgress,
}: OpenParameters): Promise<OpenedContent> {
  throwIfAborted(signal);
  const header = parseHeader(bytes);
  if (header.domain !== domain) throw new UnverifiedObjectError('header', 'domain');
  verifyHeaderMac(bytes, dataKey);
  const metadata = await openMetadata(header.metadata, dataKey);
  const { mediaType, size, measuredAt } = metadata;
  const commitment = contentCommitment({ ...metadata, salt: metadata.commitmentSalt });
  const fits = sealedSize(size) === header.blob.size && (anchored === undefined || anchored === commitment);
  if (!fits) throw new DecryptionError();

  const { blob } = header;
  const cipher = payloadCipher({ dataKey, salt: header.payloadSalt });
  let started = false;
  async function* once(): AsyncGenerator<Uint8Array> {
    started = true;
    yield* reporting(checkedContent({ store, blob, cipher, size }, metadata, { signal }), onProgress);
  }
  const content = toReadableStream(once());
  return {
    recordId: header.recordId,
    mediaType,
    size,
    measuredAt,
    contentCommitment: commitment,
    content,
    async bytes() {
      // What a stream has left is not the content.
      if (started || content.locked) throw new TypeError('The content is read already');
      return collectBytes(toByteStream(content));
    },
    range: (start, end) =>
      toReadableStream(openRange({ store, blob, cipher, size }, requireRange(start, end, size), { signal })),
  };
}

/** The content as a stream that ends only if it is the one that was sealed. */
async function* checkedContent(
  source: PayloadSource,
  { plaintextDigest }: Metadata,
  { signal }: CallOptions,
): AsyncGenerator<Uint8Array> {
  const { blob, size } = source;
  const whole = { first: 0, behind: chunkCount(size) };
  let sealed: Digesting | undefined;
  let readings = 0;
  const through = (ciphertext: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => {
    readings += 1;
    // What is read again is a part of the payload.
    sealed = readings === 1 ? digesting(ciphertext, ciphertextHash(blob.size)) : undefined;
    return sealed?.stream ?? ciphertext;
  };
  const plain = digesting(openChunks(source, whole, { signal, through }));
  yield* plain.stream;
  const payload = sealed?.result();
  const content = plain.result();
  // Without the payload's digest several copies took part. One key, one content, one payload: encryption is deterministic,
  // so content that has the right digest and came out of chunks that opened came out of the payload that was sealed.
  const samePayload = payload === undefined || payload.digest === blob.digest;
  if (!samePayload || content?.digest !== plaintextDigest || content.size !== size) throw new DecryptionError();
}
