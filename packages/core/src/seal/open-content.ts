import type { Domain, Hex } from '@medseal/protocol';
import { DecryptionError } from '../errors/decryption-error.ts';
import { UnverifiedObjectError } from '../errors/unverified-object-error.ts';
import { collectBytes, toByteStream, toReadableStream } from '../lib/byte-stream.ts';
import { digesting } from '../lib/digest.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Store } from '../ports/store.ts';
import { contentCommitment } from './content-commitment.ts';
import { type Header, parseHeader, verifyHeaderMac } from './header.ts';
import { type Metadata, openMetadata } from './metadata.ts';
import { decryptPayload, sealedSize } from './payload.ts';

export interface OpenParameters extends CallOptions {
  readonly header: Uint8Array;
  readonly dataKey: Uint8Array;
  readonly store: Store;
  readonly domain: Domain;
  /** The anchor's, to be compared with. */
  readonly contentCommitment?: Hex | undefined;
}

/** An opened record. The content can be read once: as a stream, or whole. */
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
}: OpenParameters): Promise<OpenedContent> {
  const header = parseHeader(bytes);
  if (header.domain !== domain) throw new UnverifiedObjectError('header', 'domain');
  verifyHeaderMac(bytes, dataKey);
  const metadata = await openMetadata(header.metadata, dataKey);
  const { mediaType, size, measuredAt } = metadata;
  const commitment = contentCommitment({ ...metadata, salt: metadata.commitmentSalt });
  const fits = sealedSize(size) === header.blob.size && (anchored === undefined || anchored === commitment);
  if (!fits) throw new DecryptionError();

  let started = false;
  const checked = checkedContent(header, metadata, dataKey, { store, signal });
  async function* once(): AsyncGenerator<Uint8Array> {
    started = true;
    yield* checked;
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
  };
}

/** The content as a stream that ends only if it is the one that was sealed. */
function checkedContent(
  { blob, payloadSalt }: Header,
  { plaintextDigest, size }: Metadata,
  dataKey: Uint8Array,
  { store, signal }: CallOptions & { readonly store: Store },
): AsyncIterable<Uint8Array> {
  const sealed = digesting(store.get(blob, { signal }));
  const plain = digesting(decryptPayload(sealed.stream, { dataKey, salt: payloadSalt }, { signal }));
  async function* checked(): AsyncGenerator<Uint8Array> {
    yield* plain.stream;
    const payload = sealed.result();
    const content = plain.result();
    const whole = payload?.digest === blob.digest && content?.digest === plaintextDigest && content.size === size;
    if (!whole) throw new DecryptionError();
  }
  return checked();
}
