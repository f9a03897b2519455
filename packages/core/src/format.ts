/** The sealed format itself, for those who write tools, vectors or attacks. Applications need none of it. */
export { encodeHeader, type Header, headerDigest, parseHeader, verifyHeaderMac } from './seal/header.ts';
export { openContent } from './seal/open-content.ts';
export { type FileKey, openFile, type OpenedFile, type OpenFileParameters } from './seal/open-file.ts';
export { type FileSummary, inspectFile, type StanzaName } from './seal/inspect-file.ts';
export { recordFile, type RecordFileParameters } from './seal/record-file.ts';
export { sealFile, type SealFileParameters } from './seal/seal-file.ts';
export { AUTHOR_STANZA, authorIdentity, authorRecipient } from './recipients/author-stanza.ts';
export { INBOX_STANZA, inboxIdentity, inboxRecipient } from './recipients/inbox-stanza.ts';
export type { Identity, Recipient } from './ports/recipient.ts';
export { passphraseIdentity, passphraseRecipient } from './recipients/passphrase-stanza.ts';
export {
  type FileIdentity,
  type FileRecipient,
  type Stanza,
  type StanzaContext,
  stanzaOf,
  type Stanzas,
} from './recipients/stanza.ts';
export { UMBRAL_STANZA, umbralRecipient, unwrapWith, verifyUmbralStanza } from './recipients/umbral-stanza.ts';
export { generateX25519Secret, x25519Identity, x25519PublicKey, x25519Recipient } from './recipients/x25519-stanza.ts';
export { NO_COMPARTMENT, NO_EPOCH } from './seal/inbox.ts';
export { sealContent, type SealedContent } from './seal/seal-content.ts';
export { type Ticket, verifyTicket } from './seal/ticket.ts';
export { type Manifest, verifyManifest } from './seal/manifest.ts';
export { useHashThread } from './lib/ciphertext-hash.ts';
export type { ChunkCipher, CryptoBackend } from './lib/crypto-backend.ts';
export { nodeBackend } from './lib/node-backend.ts';
export { webBackend } from './lib/web-backend.ts';
export { decryptPayload, encryptPayload, payloadCipher, type PayloadKey } from './seal/payload.ts';
