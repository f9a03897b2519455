import { abortable, throwIfAborted } from '../lib/abort.ts';
import { type Content, toByteStream } from '../lib/byte-stream.ts';
import { concat } from '@medseal/protocol';
import { tagWord } from '../lib/tag-word.ts';
import { type OnProgress, reporting } from '../lib/progress.ts';
import { freshSalt, randomBytes } from '../lib/random.ts';
import { wipe } from '../lib/wipe.ts';
import type { CallOptions } from '../ports/call-options.ts';
import { PASSPHRASE_STANZA } from '../recipients/passphrase-stanza.ts';
import { type FileRecipient, wrapForAll } from '../recipients/stanza.ts';
import { encodeFileHeader, MAX_FILE_RECIPIENTS } from './file-header.ts';
import { frameHeader } from './file-frame.ts';
import { sealFileMetadata } from './file-metadata.ts';
import { encryptPayload, payloadCipher } from './payload.ts';

export interface SealFileParameters extends CallOptions {
  readonly content: Content;
  /** One passphrase, or one to sixteen X25519 keys. */
  readonly recipients: readonly FileRecipient[];
  readonly mediaType: string;
  /** When the content was measured or written, seconds since 1970. */
  readonly measuredAt: number;
  /** Told the plaintext bytes sealed so far. */
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Seals content into a file that stands alone: no ledger, store or directory is needed to open it. The file streams as
 * the content does. It is whole only when the stream ends without an error.
 *
 * @throws RangeError when a value does not fit, or the recipients may not stand together; all while it is read
 */
export async function* sealFile(parameters: SealFileParameters): AsyncGenerator<Uint8Array> {
  const { recipients, content, signal, onProgress } = parameters;
  throwIfAborted(signal);
  requireTogether(recipients);
  const dataKey = randomBytes(32);
  const payloadSalt = freshSalt();
  try {
    const metadata = await sealFileMetadata(parameters, dataKey);
    const stanzas = await wrapForAll(recipients, dataKey, fileContext(payloadSalt));
    yield frameHeader(encodeFileHeader({ payloadSalt, metadata, stanzas }, dataKey));
    const cipher = payloadCipher({ dataKey, salt: payloadSalt });
    wipe(dataKey);
    yield* encryptPayload(reporting(abortable(toByteStream(content), signal), onProgress), cipher);
  } finally {
    wipe(dataKey);
  }
}

/** What binds the stanzas of a file to it. */
export function fileContext(payloadSalt: Uint8Array): Uint8Array {
  return concat(tagWord('medseal file stanza v1'), payloadSalt);
}

function requireTogether(recipients: readonly FileRecipient[]): void {
  if (recipients.length === 0 || recipients.length > MAX_FILE_RECIPIENTS)
    throw new RangeError(`A file has 1 to ${MAX_FILE_RECIPIENTS} recipients`);
  if (recipients.length > 1 && recipients.some(({ type }) => type === PASSPHRASE_STANZA))
    throw new RangeError('A passphrase must be the only recipient');
}
