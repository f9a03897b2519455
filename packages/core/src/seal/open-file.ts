import type { Domain, Hex } from '@medseal/protocol';
import { DecryptionError } from '../errors/decryption-error.ts';
import { abortable } from '../lib/abort.ts';
import { type ByteCursor, byteCursor } from '../lib/byte-cursor.ts';
import { collectBytes, type Content, toByteStream, toReadableStream } from '../lib/byte-stream.ts';
import { type OnProgress, reporting } from '../lib/progress.ts';
import { wipe } from '../lib/wipe.ts';
import type { CallOptions } from '../ports/call-options.ts';
import { DATA_KEY_BYTES, type FileIdentity, type Stanza } from '../recipients/stanza.ts';
import { FILE_HEADER_MAGIC, FILE_MAC_LABEL, type FileHeader, parseFileHeader } from './file-header.ts';
import { takeHeader } from './file-frame.ts';
import { openFileMetadata } from './file-metadata.ts';
import { headerDigest, parseHeader } from './header.ts';
import { verifyMac } from './header-mac.ts';
import { openContent } from './open-content.ts';
import { decryptPayload, payloadCipher } from './payload.ts';
import { fileContext } from './seal-file.ts';

/** What may open a file: somebody's secret, or the data key itself. Records in a file open by their data key only. */
export type FileKey = FileIdentity | { readonly dataKey: Uint8Array };

export interface OpenFileParameters extends CallOptions {
  readonly file: Content;
  readonly key: FileKey;
  /** Told the bytes of the content that have been read so far. */
  readonly onProgress?: OnProgress | undefined;
}

/** A file that was opened. The content can be read once: as a stream, or whole. */
export interface OpenedFile {
  readonly mediaType: string;
  /** When the content was measured or written, seconds since 1970. */
  readonly measuredAt: number;
  /** For a record: what a ledger must say of it, if it is to be believed that it is one. */
  readonly record?: { readonly domain: Domain; readonly id: Hex; readonly headerDigest: Hex };
  /** Fails with `DecryptionError` where the payload was altered or cut: it is whole only when it ends without an error. */
  readonly content: ReadableStream<Uint8Array>;
  /** The whole content, or a failure as above; `TypeError` where somebody has begun to read it. */
  bytes(): Promise<Uint8Array>;
}

/**
 * Opens a sealed file: reads the header, finds the data key, checks the header's HMAC, and only then decrypts.
 *
 * @throws MalformedObjectError when it is no sealed file, DecryptionError when the key does not open it
 */
export async function openFile(parameters: OpenFileParameters): Promise<OpenedFile> {
  const file = byteCursor(abortable(toByteStream(parameters.file), parameters.signal));
  try {
    const header = await takeHeader(file);
    return hasMagic(header, FILE_HEADER_MAGIC)
      ? await openPlainFile(header, file, parameters)
      : await openRecordFile(header, file, parameters);
  } catch (error) {
    await file.close().catch(() => {});
    throw error;
  }
}

/** Whether a header begins with these four bytes. */
export function hasMagic(header: Uint8Array, magic: number): boolean {
  return header.length >= 4 && new DataView(header.buffer, header.byteOffset).getUint32(0) === magic;
}

async function openPlainFile(
  bytes: Uint8Array,
  file: ByteCursor,
  { key, signal, onProgress }: OpenFileParameters,
): Promise<OpenedFile> {
  const header = parseFileHeader(bytes);
  const dataKey = await findDataKey(header, key);
  try {
    verifyMac(bytes, dataKey, FILE_MAC_LABEL);
    const metadata = await openFileMetadata(header.metadata, dataKey);
    const cipher = payloadCipher({ dataKey, salt: header.payloadSalt });
    const plaintext = reporting(decryptPayload(file.rest(), cipher, { signal }), onProgress);
    const content = toReadableStream(plaintext, () => file.close());
    let taken = false;
    return {
      ...metadata,
      content,
      async bytes() {
        if (taken || content.locked) throw new TypeError('The content is read already');
        taken = true;
        return collectBytes(toByteStream(content));
      },
    };
  } finally {
    wipe(dataKey);
  }
}

async function openRecordFile(
  bytes: Uint8Array,
  file: ByteCursor,
  { key, signal, onProgress }: OpenFileParameters,
): Promise<OpenedFile> {
  const { domain, recordId: id } = parseHeader(bytes);
  if (!('dataKey' in key)) throw new DecryptionError();
  // The payload can be read once, so no range is offered.
  const store = { get: (): AsyncIterable<Uint8Array> => file.rest() };
  const opened = await openContent({ header: bytes, dataKey: key.dataKey, store, domain, signal, onProgress });
  const { mediaType, measuredAt, content } = opened;
  const record = { domain, id, headerDigest: headerDigest(bytes) };
  return { mediaType, measuredAt, record, content, bytes: () => opened.bytes() };
}

/** A copy, for the caller to wipe. */
async function findDataKey({ stanzas, payloadSalt }: FileHeader, key: FileKey): Promise<Uint8Array> {
  if ('dataKey' in key) {
    if (key.dataKey.length !== DATA_KEY_BYTES) throw new RangeError(`A data key has ${DATA_KEY_BYTES} bytes`);
    return Uint8Array.from(key.dataKey);
  }
  for (const stanza of stanzas.filter(({ type }) => type === key.type)) {
    const dataKey = await tryStanza(key, stanza, fileContext(payloadSalt));
    if (dataKey !== undefined) return dataKey;
  }
  throw new DecryptionError();
}

async function tryStanza(key: FileIdentity, stanza: Stanza, context: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    return await key.unwrap(stanza, context);
  } catch (error) {
    // Made for somebody else.
    if (error instanceof DecryptionError) return undefined;
    throw error;
  }
}
