/**
 * Throughput of sealing and opening in memory, beside the same work done by hand with node:crypto, and beside other
 * libraries; interleaved in one run.
 *
 *   node --conditions=@medseal/source bench/sealing.ts [MiB, default 128] [rounds, default 5] [parts of names …]
 */
import { createCipheriv, createDecipheriv, createHash, type Hash, randomBytes } from 'node:crypto';
import { loadavg } from 'node:os';
import type { Store } from '@medseal/core/adapter';
import {
  type ChunkCipher,
  decryptPayload,
  encryptPayload,
  generateX25519Secret,
  openContent,
  openFile,
  parseHeader,
  payloadCipher,
  sealContent,
  type SealedContent,
  sealFile,
  unwrapWith,
  useHashThread,
  verifyUmbralStanza,
  webBackend,
  x25519Identity,
  x25519PublicKey,
  x25519Recipient,
} from '@medseal/core/format';
import { decapsulateOriginal, generateSecretKey, publicKeyOf } from '@medseal/umbral';
import { awsEncryptionSdk, libsodium, type Peer, typage } from './sealing-peers.ts';

const MIB = 1024 * 1024;
const CHUNK = 64 * 1024;
const size = Number(process.argv[2] ?? 128);
const rounds = Number(process.argv[3] ?? 5);
const piece = randomBytes(MIB);
const key = { dataKey: randomBytes(32), salt: randomBytes(32) };

async function* content(): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < size; sent++) yield piece;
}

function hashing(count: number): readonly Hash[] {
  return Array.from({ length: count }, () => createHash('sha256'));
}

/** What any program must do: one cipher for each chunk; SHA-256 of the ciphertext, and perhaps of the plaintext. */
function rawSeal(hashes: number): void {
  const [ofCiphertext, ofPlaintext] = hashing(hashes);
  let index = 0;
  for (let sent = 0; sent < size; sent++) {
    for (let at = 0; at < MIB; at += CHUNK) {
      const chunk = piece.subarray(at, at + CHUNK);
      const cipher = createCipheriv('aes-256-gcm', key.dataKey, nonce(index++));
      const ciphertext = cipher.update(chunk);
      cipher.final();
      ofPlaintext?.update(chunk);
      ofCiphertext?.update(ciphertext).update(cipher.getAuthTag());
    }
  }
  for (const hash of [ofCiphertext, ofPlaintext]) hash?.digest();
}

const sealedChunk = ((): { readonly ciphertext: Uint8Array; readonly tag: Uint8Array } => {
  const cipher = createCipheriv('aes-256-gcm', key.dataKey, nonce(0));
  const ciphertext = cipher.update(piece.subarray(0, CHUNK));
  cipher.final();
  return { ciphertext, tag: cipher.getAuthTag() };
})();

function rawOpen(hashes: number): void {
  const [ofCiphertext, ofPlaintext] = hashing(hashes);
  for (let done = 0; done < size * (MIB / CHUNK); done++) {
    const decipher = createDecipheriv('aes-256-gcm', key.dataKey, nonce(0));
    decipher.setAuthTag(sealedChunk.tag);
    const plaintext = decipher.update(sealedChunk.ciphertext);
    decipher.final();
    ofPlaintext?.update(plaintext);
    ofCiphertext?.update(sealedChunk.ciphertext).update(sealedChunk.tag);
  }
  for (const hash of [ofCiphertext, ofPlaintext]) hash?.digest();
}

function nonce(index: number): Uint8Array {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(index, 7);
  return bytes;
}

async function* hashed(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const bytes of source) {
    hash.update(bytes);
    yield bytes;
  }
  hash.digest();
}

/** As sealing to a store does it, by parts: SHA-256 of content and payload. */
async function seal(cipher: ChunkCipher): Promise<void> {
  await drain(hashed(encryptPayload(hashed(content()), cipher)));
}

const delegatingSecret = generateSecretKey();

/** As `sealRecord` does it, without the ledger, into a store that keeps nothing; or whatever `keep` does. */
async function record(keep: (piece: Uint8Array) => void = () => {}): Promise<SealedContent> {
  const owner = `0x${'01'.repeat(20)}` as const;
  let written = 0;
  const store: Pick<Store, 'put'> = {
    async put(blob, { digest, recycle } = {}) {
      for await (const bytes of blob) {
        written += bytes.length;
        keep(bytes);
        recycle?.(bytes);
      }
      return { digest: digest?.() ?? '0x', size: written, locator: '' };
    },
  };
  return sealContent({
    domain: `0x${'d0'.repeat(32)}`,
    owner,
    author: owner,
    compartment: `0x${'02'.repeat(32)}`,
    level: 'low',
    epoch: 1,
    content: content(),
    mediaType: 'application/dicom',
    measuredAt: 0,
    store: store as Store,
    deposit: { delegatingPublicKey: publicKeyOf(delegatingSecret) },
  });
}

const kept: Uint8Array[] = [];
const { header } = await record((bytes) => void kept.push(Uint8Array.from(bytes)));

async function openSealed(): Promise<void> {
  async function* get(): AsyncGenerator<Uint8Array> {
    yield* kept;
  }
  const parsed = parseHeader(header);
  const [stanza] = parsed.stanzas;
  const capsule = verifyUmbralStanza(stanza, publicKeyOf(delegatingSecret), parsed);
  const dataKey = await unwrapWith(decapsulateOriginal(delegatingSecret, capsule), stanza, parsed);
  await drain((await openContent({ header, dataKey, store: { get }, domain: parsed.domain })).content);
}

/** With the digest of the ciphertext on a second thread. */
async function threaded<T>(work: () => Promise<T>): Promise<void> {
  useHashThread();
  await work();
  useHashThread(false);
}

const payload: Uint8Array[] = [];
for await (const bytes of encryptPayload(content(), payloadCipher(key))) payload.push(bytes);

async function* stored(): AsyncGenerator<Uint8Array> {
  yield* payload;
}

async function open(cipher: ChunkCipher): Promise<void> {
  await drain(hashed(decryptPayload(hashed(stored()), cipher)));
}

async function drain(source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const bytes of source) if (bytes.length === 0) throw new Error('An empty piece');
}

const secret = generateX25519Secret();

/** A sealed file, without digests, as the others make one. */
const medsealFile: Peer = {
  name: 'medseal file',
  seal: (source) => drain(sealedFile(source)),
  async prepare(source) {
    const sealed: Uint8Array[] = [];
    for await (const bytes of sealedFile(source)) sealed.push(bytes);
    async function* file(): AsyncGenerator<Uint8Array> {
      yield* sealed;
    }
    return async () => drain((await openFile({ file: file(), key: x25519Identity(secret) })).content);
  },
};

function sealedFile(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const recipients = [x25519Recipient(x25519PublicKey(secret))];
  return sealFile({ content: source, recipients, mediaType: 'application/dicom', measuredAt: 0 });
}

const web = payloadCipher(key, webBackend());
const contenders = new Map<string, () => Promise<void> | void>([
  ['node:crypto seal, AES-256-GCM alone', () => rawSeal(0)],
  ['node:crypto seal, AES-256-GCM + 1 SHA-256', () => rawSeal(1)],
  ['node:crypto seal, AES-256-GCM + 2 SHA-256', () => rawSeal(2)],
  ['medseal seal record (2 SHA-256)', async () => void (await record())],
  ['medseal seal record, second thread', () => threaded(() => record())],
  ['medseal seal record, WebCrypto', () => seal(web)],
  ['node:crypto open, AES-256-GCM alone', () => rawOpen(0)],
  ['node:crypto open, AES-256-GCM + 1 SHA-256', () => rawOpen(1)],
  ['node:crypto open, AES-256-GCM + 2 SHA-256', () => rawOpen(2)],
  ['medseal open record (2 SHA-256)', openSealed],
  ['medseal open record, second thread', () => threaded(openSealed)],
  ['medseal open record, WebCrypto', () => open(web)],
]);
for (const peer of [medsealFile, await typage(), awsEncryptionSdk(), await libsodium()]) {
  contenders.set(`${peer.name}, seal`, () => peer.seal(content()));
  contenders.set(`${peer.name}, open`, await peer.prepare(content()));
}

const parts = process.argv.slice(4);
for (const name of contenders.keys())
  if (parts.length > 0 && !parts.some((part) => name.includes(part))) contenders.delete(name);

const rates = new Map([...contenders.keys()].map((name) => [name, [] as number[]]));
for (let round = -1; round < rounds; round++)
  for (const [name, run] of contenders) {
    process.stderr.write(`\rround ${round + 2} of ${rounds + 1}: ${name.padEnd(60)}`);
    const started = performance.now();
    await run();
    if (round >= 0) rates.get(name)?.push((size * 1000) / (performance.now() - started));
  }
process.stderr.write('\r'.padEnd(90) + '\r');
const load = loadavg()[0]?.toFixed(1);
console.log(
  `${size} MiB in pieces of 1 MiB, chunks of 64 KiB; MiB/s, median of ${rounds} (best); load ${load} at the end`,
);
for (const [name, taken] of rates) {
  const sorted = taken.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  console.log(`${name.padEnd(52)} ${median.toFixed(0).padStart(6)} (${(sorted.at(-1) ?? 0).toFixed(0)})`);
}
