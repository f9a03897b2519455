import { type Address, type Domain, type Hex, type Level, recordId, toHex } from '@medseal/protocol';
import type { PublicKey } from '@medseal/umbral';
import { RejectedError } from '../errors/rejected-error.ts';
import { UnfaithfulStoreError } from '../errors/store-errors.ts';
import { abortable, throwIfAborted } from '../lib/abort.ts';
import { bufferPool } from '../lib/buffer-pool.ts';
import { type Content, sizeOf, toByteStream } from '../lib/byte-stream.ts';
import { ciphertextHash } from '../lib/ciphertext-hash.ts';
import { type Digesting, digesting } from '../lib/digest.ts';
import { type OnProgress, reporting } from '../lib/progress.ts';
import { freshSalt, randomBytes } from '../lib/random.ts';
import { wipe } from '../lib/wipe.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Recipient } from '../ports/recipient.ts';
import type { BlobRef, Store } from '../ports/store.ts';
import { authorRecipient } from '../recipients/author-stanza.ts';
import { inboxRecipient } from '../recipients/inbox-stanza.ts';
import { type StanzaContext, wrapForAll } from '../recipients/stanza.ts';
import { umbralRecipient } from '../recipients/umbral-stanza.ts';
import { contentCommitment } from './content-commitment.ts';
import { encodeHeader, headerDigest } from './header.ts';
import { NO_COMPARTMENT, NO_EPOCH } from './inbox.ts';
import { checkMetadata, type Metadata, sealMetadata } from './metadata.ts';
import { encryptPayload, payloadCipher, sealedSize } from './payload.ts';
import { requireTicketFor, verifyTicket } from './ticket.ts';

/**
 * What lets an author seal: the patient's ticket, checked at `time` (ledger time, seconds); a patient's own key; or
 * nothing but her receiving key, which leads to her inbox.
 */
export type DepositRight =
  | { readonly ticket: Uint8Array; readonly time: number; readonly authorReceivingKey?: PublicKey | undefined }
  | { readonly delegatingPublicKey: PublicKey }
  | { readonly inbox: PublicKey };

export interface SealParameters extends CallOptions {
  readonly domain: Domain;
  readonly owner: Address;
  readonly author: Address;
  /** Compartment tag. */
  readonly compartment: Hex;
  readonly level: Level;
  readonly epoch: number;
  readonly content: Content;
  readonly mediaType: string;
  /** When the content was measured or written, seconds since 1970. */
  readonly measuredAt: number;
  readonly store: Store;
  /** With a ticket that lets the author keep a stanza, his receiving key makes one. */
  readonly deposit: DepositRight;
  /** Makes the record id unique; random by default. */
  readonly salt?: Hex | undefined;
  /** Told the plaintext bytes sealed so far. */
  readonly onProgress?: OnProgress | undefined;
}

/** A sealed record: the payload lies in the store, the header is here, and the rest is what the anchor says. */
export interface SealedContent {
  readonly header: Uint8Array;
  readonly headerDigest: Hex;
  readonly recordId: Hex;
  readonly payloadDigest: Hex;
  readonly contentCommitment: Hex;
  /** SHA-256 of the content, for its author alone: who sees it can test guesses. */
  readonly plaintextDigest: Hex;
  readonly salt: Hex;
  readonly blob: BlobRef;
}

/**
 * Seals content under a fresh data key, which nobody keeps: it streams to the store, then the header is made. Anchoring
 * and publishing the header are the caller's. Whatever fails after the upload, the payload is deleted again.
 *
 * @throws RejectedError NO_TICKET, and what `verifyTicket`, the content and the store throw
 * @throws UnfaithfulStoreError when the store did not take the whole payload or gives another digest for it
 * @throws RangeError when a value does not fit its field
 */
export async function sealContent(parameters: SealParameters): Promise<SealedContent> {
  const { store, signal } = parameters;
  checkMetadata(parameters);
  const recipients = requireDeposit(parameters);
  const keys = { dataKey: randomBytes(32), salt: freshSalt() };
  try {
    const { blob, plaintext } = await upload(parameters, keys);
    try {
      throwIfAborted(signal);
      return await makeHeader(parameters, { ...keys, blob, plaintext, recipients });
    } catch (error) {
      await store.delete(blob).catch(() => {});
      throw error;
    }
  } finally {
    wipe(keys.dataKey);
  }
}

/** Who is to open the record. Checks the right to seal, before anything is stored. */
function requireDeposit({ deposit, ...record }: SealParameters): readonly Recipient<StanzaContext>[] {
  if ('inbox' in deposit) {
    if (record.compartment !== NO_COMPARTMENT || record.epoch !== NO_EPOCH)
      throw new RangeError('A record for the inbox is in no compartment');
    return [inboxRecipient(deposit.inbox)];
  }
  if (!('ticket' in deposit)) {
    if (record.owner !== record.author) throw new RejectedError('NO_TICKET');
    return [umbralRecipient(deposit.delegatingPublicKey)];
  }
  const ticket = verifyTicket(deposit.ticket, record);
  requireTicketFor(ticket, record, deposit.time);
  const patient = umbralRecipient(ticket.delegatingPublicKey);
  const authorKey = ticket.authorKeeps === true ? deposit.authorReceivingKey : undefined;
  return authorKey === undefined ? [patient] : [patient, authorRecipient(authorKey)];
}

interface DataKeys {
  readonly dataKey: Uint8Array;
  readonly salt: Uint8Array;
}

interface Measured {
  readonly digest: Hex;
  readonly size: number;
}

async function upload(
  { content, store, signal, onProgress }: SealParameters,
  keys: DataKeys,
): Promise<{ readonly blob: BlobRef; readonly plaintext: Measured }> {
  const plain = digesting(reporting(abortable(toByteStream(content), signal), onProgress));
  const size = sizeOf(content);
  const pool = bufferPool();
  const hash = ciphertextHash(size === undefined ? undefined : sealedSize(size));
  const sealed = digesting(encryptPayload(plain.stream, payloadCipher(keys), { pool }), hash);
  const recycle = (piece: Uint8Array): void => pool.give(piece);
  const blob = await store.put(sealed.stream, { signal, digest: () => requireWhole(sealed).digest, recycle });
  const [payload, plaintext] = [requireWhole(sealed), requireWhole(plain)];
  if (blob.digest !== payload.digest || blob.size !== payload.size)
    throw new UnfaithfulStoreError('The store says it keeps another payload than it was given');
  return { blob, plaintext };
}

function requireWhole(sealed: Digesting): Measured {
  const result = sealed.result();
  if (result === undefined) throw new UnfaithfulStoreError('The store did not take the whole payload');
  return result;
}

interface HeaderInputs extends DataKeys {
  readonly blob: BlobRef;
  readonly plaintext: Measured;
  readonly recipients: readonly Recipient<StanzaContext>[];
}

async function makeHeader(parameters: SealParameters, inputs: HeaderInputs): Promise<SealedContent> {
  const { domain, owner, author, compartment, level, epoch, mediaType, measuredAt, deposit } = parameters;
  const { dataKey, blob, plaintext } = inputs;
  const salt = parameters.salt ?? toHex(freshSalt());
  const record = { domain, owner, author, compartment, level, epoch, salt };
  const id = recordId({ ...record, payloadDigest: blob.digest });
  const metadata: Metadata = {
    mediaType,
    measuredAt,
    size: plaintext.size,
    plaintextDigest: plaintext.digest,
    commitmentSalt: freshSalt(),
  };
  const header = encodeHeader(
    {
      ...record,
      payloadSalt: inputs.salt,
      blob,
      ticket: 'ticket' in deposit ? deposit.ticket : undefined,
      metadata: await sealMetadata(metadata, dataKey),
      stanzas: await wrapForAll(inputs.recipients, dataKey, { ...record, recordId: id }),
    },
    dataKey,
  );
  return {
    header,
    headerDigest: headerDigest(header),
    recordId: id,
    payloadDigest: blob.digest,
    contentCommitment: contentCommitment({ ...metadata, salt: metadata.commitmentSalt }),
    plaintextDigest: plaintext.digest,
    salt: record.salt,
    blob,
  };
}
