/** The sealed format itself, for those who write tools, vectors or attacks. Applications need none of it. */
export { encodeHeader, type Header, headerDigest, parseHeader, verifyHeaderMac } from './seal/header.ts';
export { openContent } from './seal/open-content.ts';
export { sealContent, type SealedContent } from './seal/seal-content.ts';
export { type Ticket, verifyTicket } from './seal/ticket.ts';
export { type Manifest, verifyManifest } from './seal/manifest.ts';
export type { ChunkCipher, CryptoBackend } from './lib/crypto-backend.ts';
export { nodeBackend } from './lib/node-backend.ts';
export { webBackend } from './lib/web-backend.ts';
export { decryptPayload, encryptPayload, payloadCipher, type PayloadKey } from './seal/payload.ts';
