import { createCipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node';
import { fileStore } from '@medseal/adapter-local';
import { type CliIo, run } from '@medseal/cli';
import type { Store } from '@medseal/core/adapter';
import {
  generateX25519Secret,
  openContent,
  parseHeader,
  sealContent,
  type SealedContent,
  sealFile,
  unwrapWith,
  useHashThread,
  verifyUmbralStanza,
  x25519PublicKey,
  x25519Recipient,
} from '@medseal/core/format';
import { decapsulateOriginal, generateSecretKey, publicKeyOf } from '@medseal/umbral';
import { Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import sodium from 'libsodium-wrappers';
import { readAhead, writeBehind } from './disk-io.ts';

/** Seals the file at one path into a file, or a folder, at another. */
export type Contender = (from: string, to: string) => Promise<unknown>;

const CHUNK = 64 * 1024;
const MIB = 1024 * 1024;
const pieces = { highWaterMark: MIB };

export const contenders: Readonly<Record<string, Contender>> = {
  'copy, 1 MiB pieces, overlapped': (from, to) => writeBehind(to, copied(readAhead(from))),
  'node:crypto by hand, with SHA-256': (from, to) => writeBehind(to, raw(readAhead(from))),
  'node:crypto by hand, with SHA-256, giving memory back': (from, to) =>
    writeBehind(to, raw(readAhead(from), release), { onWritten: release }),
  'node:crypto by hand, with SHA-256 (fsync)': (from, to) => writeBehind(to, raw(readAhead(from)), { sync: true }),
  'medseal, a file': (from, to) => writeBehind(to, medsealFile(from), { onWritten: release }),
  'medseal seal, the command (fsync)': command,
  'medseal, a record': (from, to) => record(from, sink(to), false),
  'medseal, a record, second thread': (from, to) => record(from, sink(to), true),
  'medseal, a record in a file store (fsync)': (from, to) => record(from, fileStore({ directory: to }), false),
  'medseal, a record in a file store (fsync), second thread': (from, to) =>
    record(from, fileStore({ directory: to }), true),
  'AWS Encryption SDK 5.0.2, 64 KiB frames': (from, to) => awsEncryptionSdk(from, to, CHUNK, pieces),
  'AWS Encryption SDK 5.0.2, 1 MiB frames': (from, to) => awsEncryptionSdk(from, to, MIB, pieces),
  'AWS Encryption SDK 5.0.2, as in its manual: 4 KiB frames, Node’s streams': (from, to) =>
    awsEncryptionSdk(from, to, 4096, {}),
  'age-encryption 0.3.1': typage,
  'libsodium-wrappers 0.8.4, secretstream': (from, to) => writeBehind(to, secretstream(from)),
};

/** Seals the file at one path beside another, and returns what opens it into that. */
export type Opener = (from: string, to: string) => Promise<() => Promise<unknown>>;

export const openers: Readonly<Record<string, Opener>> = {
  'medseal open, the command (fsync)': commandOpens,
  'medseal opens a record from a file store': (from, to) => recordOpens(from, to, false),
  'medseal opens a record from a file store, second thread': (from, to) => recordOpens(from, to, true),
};

/** What comes out is written while the source reads on into its own memory. */
async function* copied(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of source) yield Uint8Array.from(piece);
}

/** What any program must do: AES-256-GCM, one cipher for each chunk, and SHA-256 of the ciphertext. */
async function* raw(
  source: AsyncIterable<Uint8Array>,
  done: (ciphertext: Uint8Array) => void = () => {},
): AsyncGenerator<Uint8Array> {
  const key = createSecretKey(randomBytes(32));
  const hash = createHash('sha256');
  let index = 0;
  for await (const piece of source) {
    const sealed = Buffer.allocUnsafeSlow(piece.length + 16 * Math.ceil(piece.length / CHUNK));
    let end = 0;
    for (let at = 0; at < piece.length; at += CHUNK) {
      const nonce = Buffer.alloc(12);
      nonce.writeUInt32BE(index++, 7);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const ciphertext = cipher.update(piece.subarray(at, at + CHUNK));
      sealed.set(ciphertext, end);
      end += ciphertext.length;
      done(ciphertext);
      cipher.final();
      sealed.set(cipher.getAuthTag(), end);
      end += 16;
    }
    hash.update(sealed);
    yield sealed;
  }
  hash.digest();
}

function medsealFile(from: string): AsyncIterable<Uint8Array> {
  const recipients = [x25519Recipient(x25519PublicKey(generateX25519Secret()))];
  return sealFile({ content: readAhead(from), recipients, mediaType: 'application/dicom', measuredAt: 0 });
}

/** Pieces of a file are their reader's, who can give their memory back when they are written. */
function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}

async function medseal(io: Partial<CliIo>, ...args: readonly string[]): Promise<void> {
  const usual: CliIo = {
    env: {},
    stdin: Readable.from([]),
    writeOut: () => Promise.resolve(),
    say: (line) => void process.stderr.write(`${line}\n`),
    ask: () => Promise.resolve(undefined),
    signal: new AbortController().signal,
  };
  if ((await run(args, { ...usual, ...io })) !== 0) throw new Error(`medseal ${args[0]} failed`);
}

async function command(from: string, to: string): Promise<void> {
  let recipient = '';
  const writeOut = async (text: Uint8Array): Promise<void> => {
    recipient += Buffer.from(text).toString('utf8');
  };
  await medseal({ writeOut }, 'keygen', '--force', '-o', `${to}.key`);
  await medseal({}, 'seal', '--force', '-r', recipient.trim(), '-o', to, from);
}

async function commandOpens(from: string, to: string): Promise<() => Promise<unknown>> {
  const sealed = `${to}.sealed`;
  await command(from, sealed);
  return () => medseal({}, 'open', '--force', '-k', `${sealed}.key`, '-o', to, sealed);
}

const delegatingSecret = generateSecretKey();

/** As `sealRecord` does it, without the ledger: SHA-256 of payload and content. */
async function record(from: string, store: Pick<Store, 'put'>, thread: boolean): Promise<SealedContent> {
  useHashThread(thread);
  const owner = `0x${'01'.repeat(20)}` as const;
  return sealContent({
    domain: `0x${'d0'.repeat(32)}`,
    owner,
    author: owner,
    compartment: `0x${'02'.repeat(32)}`,
    level: 'low',
    epoch: 1,
    content: readAhead(from),
    mediaType: 'application/dicom',
    measuredAt: 0,
    store: store as Store,
    deposit: { delegatingPublicKey: publicKeyOf(delegatingSecret) },
  });
}

async function recordOpens(from: string, to: string, thread: boolean): Promise<() => Promise<unknown>> {
  const store = fileStore({ directory: `${to}.sealed` });
  const { header } = await record(from, store, thread);
  const parsed = parseHeader(header);
  const { domain, stanzas } = parsed;
  const capsule = verifyUmbralStanza(stanzas[0], publicKeyOf(delegatingSecret), parsed);
  const dataKey = await unwrapWith(decapsulateOriginal(delegatingSecret, capsule), stanzas[0], parsed);
  return async () => {
    const { content } = await openContent({ header, dataKey, store, domain });
    await writeBehind(to, content, { onWritten: release });
  };
}

/** A store that only writes a file. */
function sink(path: string): Pick<Store, 'put'> {
  return {
    async put(blob, { digest, recycle } = {}) {
      const size = await writeBehind(path, blob, { onWritten: recycle });
      return { digest: digest?.() ?? '0x', size, locator: path };
    },
  };
}

/** Data key wrapped with AES, no signature: the suite of theirs that does least beside AES-256-GCM. */
async function awsEncryptionSdk(from: string, to: string, frameLength: number, streams: object): Promise<void> {
  const { encryptStream } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT);
  const keyring = new RawAesKeyringNode({
    keyName: 'key',
    keyNamespace: 'bench',
    unencryptedMasterKey: randomBytes(32),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  const suiteId = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;
  await pipeline(
    createReadStream(from, streams),
    encryptStream(keyring, { frameLength, suiteId }),
    createWriteStream(to, streams),
  );
}

async function typage(from: string, to: string): Promise<void> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(await generateIdentity()));
  const content = Readable.toWeb(createReadStream(from, { highWaterMark: MIB })) as ReadableStream<Uint8Array>;
  await writeBehind(to, gathered(await encrypter.encrypt(content)));
}

async function* secretstream(from: string): AsyncGenerator<Uint8Array> {
  await sodium.ready;
  const key = sodium.crypto_secretstream_xchacha20poly1305_keygen();
  const tag = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
  const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
  yield header;
  yield* gathered(pushed());
  async function* pushed(): AsyncGenerator<Uint8Array> {
    for await (const piece of readAhead(from))
      for (let at = 0; at < piece.length; at += CHUNK)
        yield sodium.crypto_secretstream_xchacha20poly1305_push(state, piece.subarray(at, at + CHUNK), null, tag);
  }
}

/** Small pieces in one of 1 MiB, so that writing them costs a peer no more than us. */
async function* gathered(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const piece of source) {
    held.push(piece);
    size += piece.length;
    if (size < MIB) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  yield Buffer.concat(held);
}
