import { passphraseRecipient } from '../src/recipients/passphrase-stanza.ts';
import { x25519PublicKey, x25519Recipient } from '../src/recipients/x25519-stanza.ts';
import { CHUNK_BYTES } from '../src/seal/payload.ts';
import type { Vector, VectorMaker } from './vector.ts';
import {
  bare,
  contentOf,
  type FileParts,
  fileOf,
  fileParts,
  measuredAt,
  mediaType,
  recordOf,
  recordParts,
} from './vector-parts.ts';

function success(name: string, comment: string, parts: FileParts, change: Partial<Vector> = {}): Vector {
  const { content, secret } = parts;
  const key = ['x25519-secret', bare(secret)] as const;
  return { name, expect: 'success', comment, key, content, mediaType, measuredAt, file: fileOf(parts), ...change };
}

const sized =
  (size: number, comment: string): VectorMaker =>
  async (name) =>
    success(name, comment, await fileParts(contentOf(size)));

const locked =
  (passphrase: string, logN: number, comment: string): VectorMaker =>
  async (name) => {
    const parts = await fileParts(contentOf(100), { recipients: [passphraseRecipient(passphrase, { logN })] });
    return success(name, comment, parts, { key: ['passphrase', passphrase] });
  };

const record =
  (kind: Parameters<typeof recordParts>[0], comment: string): VectorMaker =>
  async (name) => {
    const parts = await recordParts(kind, contentOf(100));
    const key = ['data-key', bare(parts.dataKey)] as const;
    return {
      name,
      expect: 'success',
      comment,
      key,
      content: parts.content,
      mediaType,
      measuredAt,
      file: recordOf(parts),
    };
  };

/** What every reader must open. */
export const goodVectors: Readonly<Record<string, VectorMaker>> = {
  'good-empty': sized(0, 'no content at all: one empty chunk'),
  'good-one-byte': sized(1, 'one byte'),
  'good-one-chunk': sized(CHUNK_BYTES, 'exactly one full chunk, and no empty one behind it'),
  'good-two-chunks': sized(CHUNK_BYTES + 1, 'a full chunk and one byte'),
  'good-sixteen-recipients': async (name) => {
    const secrets = Array.from({ length: 16 }, (_, index) => new Uint8Array(32).fill(index + 1));
    const recipients = secrets.map((secret) => x25519Recipient(x25519PublicKey(secret)));
    const parts = await fileParts(contentOf(100), { recipients });
    return success(name, 'as many recipients as there may be; the key is the last one’s', {
      ...parts,
      secret: secrets[15] ?? new Uint8Array(),
    });
  },
  'good-data-key': async (name) => {
    const parts = await fileParts(contentOf(100));
    return success(name, 'opened with the data key itself', parts, { key: ['data-key', bare(parts.dataKey)] });
  },
  'good-long-media-type': async (name) => {
    const type = `application/${'x'.repeat(243)}`;
    return success(name, 'a media type of 255 characters', await fileParts(contentOf(1), { type }), {
      mediaType: type,
    });
  },
  'good-media-type-parameters': async (name) => {
    const type = 'text/plain; charset=utf-8';
    return success(name, 'a media type with a parameter', await fileParts(contentOf(1), { type }), { mediaType: type });
  },
  'good-passphrase': locked('correct horse battery staple', 14, 'the least work factor'),
  'good-passphrase-unicode': locked('caf\u00e9 \u5b89\u5168', 15, 'not only ASCII; given in NFKC'),
  'good-record-umbral': record('umbral', 'a record under a ticket; opened with its data key'),
  'good-record-author': record('author', 'a record whose author keeps a stanza'),
  'good-record-inbox': record('inbox', 'a record in the inbox: no ticket, no compartment'),
  'good-record-own': record('own', 'a patient’s own record without a ticket'),
};
