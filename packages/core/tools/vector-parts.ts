import { concat, toHex } from '@medseal/protocol';
import { generateSecretKey, publicKeyOf } from '@medseal/umbral';
import { keysFromSecrets } from '../src/keys/participant-keys.ts';
import { collectBytes } from '../src/lib/byte-stream.ts';
import { byteWriter } from '../src/lib/byte-writer.ts';
import { sha256Hex } from '../src/lib/digest.ts';
import { freshSalt, randomBytes } from '../src/lib/random.ts';
import { authorRecipient } from '../src/recipients/author-stanza.ts';
import { inboxRecipient } from '../src/recipients/inbox-stanza.ts';
import type { FileRecipient, Stanza } from '../src/recipients/stanza.ts';
import { umbralRecipient } from '../src/recipients/umbral-stanza.ts';
import { generateX25519Secret, x25519PublicKey, x25519Recipient } from '../src/recipients/x25519-stanza.ts';
import { encodeFileHeader, FILE_MAC_LABEL } from '../src/seal/file-header.ts';
import { sealFileMetadata } from '../src/seal/file-metadata.ts';
import { encodeHeader, type Header, type HeaderParts, parseHeader } from '../src/seal/header.ts';
import { headerMac } from '../src/seal/header-mac.ts';
import { NO_COMPARTMENT, NO_EPOCH } from '../src/seal/inbox.ts';
import { type Metadata, sealMetadata } from '../src/seal/metadata.ts';
import { encryptPayload, payloadCipher } from '../src/seal/payload.ts';
import { fileContext } from '../src/seal/seal-file.ts';
import { issueTicket } from '../src/seal/ticket.ts';

export const mediaType = 'text/plain';
export const measuredAt = 1_767_225_600;

/** Bytes that are easy to make again: the index, and how often it has passed 256. */
export function contentOf(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => index + (index >> 8));
}

export function bare(bytes: Uint8Array): string {
  return toHex(bytes).slice(2);
}

export function payloadOf(content: Uint8Array, dataKey: Uint8Array, salt: Uint8Array): Promise<Uint8Array> {
  async function* once(): AsyncGenerator<Uint8Array> {
    yield content;
  }
  return collectBytes(encryptPayload(once(), payloadCipher({ dataKey, salt })));
}

/** Everything that a file for an X25519 key is made of. */
export interface FileParts {
  readonly secret: Uint8Array;
  readonly dataKey: Uint8Array;
  readonly payloadSalt: Uint8Array;
  readonly metadata: Uint8Array;
  readonly stanzas: readonly Stanza[];
  readonly content: Uint8Array;
  readonly payload: Uint8Array;
}

export async function fileParts(
  content: Uint8Array,
  { recipients, type = mediaType }: { readonly recipients?: readonly FileRecipient[]; readonly type?: string } = {},
): Promise<FileParts> {
  const secret = generateX25519Secret();
  const dataKey = randomBytes(32);
  const payloadSalt = freshSalt();
  const stanzas: Stanza[] = [];
  for (const recipient of recipients ?? [x25519Recipient(x25519PublicKey(secret))])
    stanzas.push(await recipient.wrap(dataKey, fileContext(payloadSalt)));
  const metadata = await sealFileMetadata({ mediaType: type, measuredAt }, dataKey);
  const payload = await payloadOf(content, dataKey, payloadSalt);
  return { secret, dataKey, payloadSalt, metadata, stanzas, content, payload };
}

export function headerOf({ stanzas, dataKey, payloadSalt, metadata }: Omit<FileParts, 'secret'>): Uint8Array {
  // Wrong numbers of stanzas too: these are vectors.
  return encodeFileHeader({ payloadSalt, metadata, stanzas: stanzas as unknown as [Stanza] }, dataKey);
}

/** A header with its HMAC made again, after something in it was changed. */
export function authenticated(header: Uint8Array, dataKey: Uint8Array, label: string = FILE_MAC_LABEL): Uint8Array {
  const body = header.slice(0, -32);
  return concat(body, headerMac(body, dataKey, label));
}

/** A sealed file of any header, also a too long one. */
export function frame(header: Uint8Array, payload: Uint8Array): Uint8Array {
  const prefix = byteWriter().u32(0x4d534c46, 'magic').u8(1, 'version').u32(header.length, 'length').done();
  return concat(prefix, header, payload);
}

export function fileOf(parts: FileParts): Uint8Array {
  return frame(headerOf(parts), parts.payload);
}

/** A copy with other bytes from `at` on; what they overwrite is as long as they are. */
export function patched(bytes: Uint8Array, at: number, ...by: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(by, at < 0 ? copy.length + at : at);
  return copy;
}

export const RECORD_MAC_LABEL = 'medseal header mac v1';
const domain = `0x${'d0'.repeat(32)}` as const;

export interface RecordVectorParts {
  readonly dataKey: Uint8Array;
  readonly header: Header;
  readonly payload: Uint8Array;
  readonly content: Uint8Array;
  readonly metadata: Metadata;
}

/** A record of a patient, sealed by an author under her ticket, or into her inbox. */
export async function recordParts(
  kind: 'umbral' | 'author' | 'inbox' | 'own',
  content: Uint8Array,
): Promise<RecordVectorParts> {
  const patient = makeKeys();
  const author = kind === 'own' ? patient : makeKeys();
  const dataKey = randomBytes(32);
  const payloadSalt = freshSalt();
  const payload = await payloadOf(content, dataKey, payloadSalt);
  const delegatingPublicKey = publicKeyOf(generateSecretKey());
  const inbox = kind === 'inbox';
  const label = {
    compartment: inbox ? NO_COMPARTMENT : toHex(freshSalt()),
    level: 'moderate' as const,
    epoch: inbox ? NO_EPOCH : 1,
  };
  const ticket = await issueTicket(
    {
      domain,
      patient: patient.address,
      author: author.address,
      ...label,
      delegatingPublicKey,
      until: 2_000_000_000,
      authorKeeps: kind === 'author',
    },
    patient.signer,
  );
  const metadata: Metadata = {
    mediaType,
    measuredAt,
    size: content.length,
    plaintextDigest: sha256Hex(content),
    commitmentSalt: freshSalt(),
  };
  const digest = sha256Hex(payload);
  const parts: HeaderParts = {
    domain,
    owner: patient.address,
    author: author.address,
    ...label,
    salt: toHex(freshSalt()),
    payloadSalt,
    blob: { digest, size: payload.length, locator: 'payloads/1' },
    ticket: kind === 'umbral' || kind === 'author' ? ticket : undefined,
    metadata: await sealMetadata(metadata, dataKey),
    stanzas: [{ type: inbox ? 3 : 1, bytes: new Uint8Array(inbox ? 147 : 242) }],
  };
  const draft = parseHeader(encodeHeader(parts, dataKey));
  const receiving = publicKeyOf((inbox ? patient : author).receivingSecret);
  const umbral = (): Promise<Stanza> => umbralRecipient(delegatingPublicKey).wrap(dataKey, draft);
  const stanzas: [Stanza, ...Stanza[]] = [
    inbox ? await inboxRecipient(receiving).wrap(dataKey, draft) : await umbral(),
  ];
  if (kind === 'author') stanzas.push(await authorRecipient(receiving).wrap(dataKey, draft));
  return { dataKey, header: { ...draft, stanzas }, payload, content, metadata };
}

export function recordOf({
  header,
  dataKey,
  payload,
}: Pick<RecordVectorParts, 'header' | 'dataKey' | 'payload'>): Uint8Array {
  return frame(encodeHeader(header, dataKey), payload);
}

function makeKeys(): ReturnType<typeof keysFromSecrets> {
  const secret = (): Uint8Array => {
    const bytes = randomBytes(32);
    // Below the order of the group, whatever the randomness.
    bytes[0] = 1;
    return bytes;
  };
  return keysFromSecrets({
    signing: secret(),
    receiving: secret(),
    delegatingRoot: secret(),
    fragmentSigning: secret(),
  });
}
