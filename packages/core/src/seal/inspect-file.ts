import type { Address, Domain, Hex, Level } from '@medseal/protocol';
import { byteCursor } from '../lib/byte-cursor.ts';
import { type Content, toByteStream } from '../lib/byte-stream.ts';
import { AUTHOR_STANZA } from '../recipients/author-stanza.ts';
import { INBOX_STANZA } from '../recipients/inbox-stanza.ts';
import { PASSPHRASE_STANZA } from '../recipients/passphrase-stanza.ts';
import type { Stanza } from '../recipients/stanza.ts';
import { UMBRAL_STANZA } from '../recipients/umbral-stanza.ts';
import { X25519_STANZA } from '../recipients/x25519-stanza.ts';
import { FILE_HEADER_MAGIC, parseFileHeader } from './file-header.ts';
import { takeHeader } from './file-frame.ts';
import { headerDigest, parseHeader } from './header.ts';
import { hasMagic } from './open-file.ts';

/** What anybody can see of a sealed file. Nothing of it is proven. */
export interface FileSummary {
  readonly suite: number;
  readonly headerBytes: number;
  readonly stanzas: readonly { readonly type: StanzaName; readonly logN?: number }[];
  /** Present for a record. */
  readonly record?: {
    readonly domain: Domain;
    readonly id: Hex;
    readonly headerDigest: Hex;
    readonly owner: Address;
    readonly author: Address;
    readonly compartment: Hex;
    readonly level: Level;
    readonly epoch: number;
    readonly payloadDigest: Hex;
    /** Bytes. */
    readonly payloadSize: number;
  };
}

export type StanzaName = 'umbral' | 'author' | 'inbox' | 'x25519' | 'passphrase';

const names: ReadonlyMap<number, StanzaName> = new Map([
  [UMBRAL_STANZA, 'umbral'],
  [AUTHOR_STANZA, 'author'],
  [INBOX_STANZA, 'inbox'],
  [X25519_STANZA, 'x25519'],
  [PASSPHRASE_STANZA, 'passphrase'],
]);

/**
 * Reads the header of a sealed file without any key.
 *
 * @throws MalformedObjectError when it is no sealed file
 */
export async function inspectFile(file: Content): Promise<FileSummary> {
  const cursor = byteCursor(toByteStream(file));
  try {
    const header = await takeHeader(cursor);
    return hasMagic(header, FILE_HEADER_MAGIC) ? summariseFile(header) : summariseRecord(header);
  } finally {
    await cursor.close().catch(() => {});
  }
}

function summariseFile(bytes: Uint8Array): FileSummary {
  const { suite, stanzas } = parseFileHeader(bytes);
  return { suite, headerBytes: bytes.length, stanzas: stanzas.map(summariseStanza) };
}

function summariseRecord(bytes: Uint8Array): FileSummary {
  const header = parseHeader(bytes);
  const { domain, recordId: id, owner, author, compartment, level, epoch, payloadDigest, blob } = header;
  const place = { domain, id, headerDigest: headerDigest(bytes), owner, author, compartment, level, epoch };
  return {
    suite: header.suite,
    headerBytes: bytes.length,
    stanzas: header.stanzas.map(summariseStanza),
    record: { ...place, payloadDigest, payloadSize: blob.size },
  };
}

function summariseStanza({ type, bytes }: Stanza): FileSummary['stanzas'][number] {
  const name = names.get(type);
  if (name === undefined) throw new Error('A header was parsed with an unknown stanza');
  return name === 'passphrase' ? { type: name, logN: bytes[0] ?? 0 } : { type: name };
}
