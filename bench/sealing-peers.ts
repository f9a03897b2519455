import { randomBytes } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node';
import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import sodium from 'libsodium-wrappers';

/** Seals and opens as much as the others, in pieces of 1 MiB. */
export interface Peer {
  readonly name: string;
  seal(content: AsyncIterable<Uint8Array>): Promise<void>;
  /** What `seal` made of the same content, once, to be opened again and again. */
  prepare(content: AsyncIterable<Uint8Array>): Promise<() => Promise<void>>;
}

const CHUNK = 64 * 1024;

export async function typage(): Promise<Peer> {
  const identity = await generateIdentity();
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const encrypt = async (content: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> =>
    encrypter.encrypt(streamOf(content));
  return {
    name: 'age-encryption 0.3.1',
    seal: async (content) => drain(await encrypt(content)),
    async prepare(content) {
      const sealed = await collect(await encrypt(content));
      return async () => drain(await decrypter.decrypt(streamOf(each(sealed))));
    },
  };
}

/** Data key wrapped with AES, no signature: the suite of theirs that does least beside AES-256-GCM. */
export function awsEncryptionSdk(): Peer {
  const { encryptStream, decryptUnsignedMessageStream } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT);
  const keyring = new RawAesKeyringNode({
    keyName: 'key',
    keyNamespace: 'bench',
    unencryptedMasterKey: randomBytes(32),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  const suiteId = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;
  const encrypt = (): NodeJS.ReadWriteStream => encryptStream(keyring, { frameLength: CHUNK, suiteId });
  return {
    name: 'AWS Encryption SDK 5.0.2, without signature',
    seal: (content) => pipeline(Readable.from(content), encrypt(), sink()),
    async prepare(content) {
      const sealed: Uint8Array[] = [];
      await pipeline(Readable.from(content), encrypt(), sink(sealed));
      return () => pipeline(Readable.from(each(sealed)), decryptUnsignedMessageStream(keyring), sink());
    },
  };
}

export async function libsodium(): Promise<Peer> {
  await sodium.ready;
  const key = sodium.crypto_secretstream_xchacha20poly1305_keygen();
  const tag = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
  const encrypt = async (
    content: AsyncIterable<Uint8Array>,
    take: (sealed: Uint8Array) => void,
  ): Promise<Uint8Array> => {
    const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
    for await (const piece of content)
      for (let at = 0; at < piece.length; at += CHUNK)
        take(sodium.crypto_secretstream_xchacha20poly1305_push(state, piece.subarray(at, at + CHUNK), null, tag));
    return header;
  };
  return {
    name: 'libsodium-wrappers 0.8.4, secretstream',
    async seal(content) {
      await encrypt(content, () => {});
    },
    async prepare(content) {
      const sealed: Uint8Array[] = [];
      const header = await encrypt(content, (piece) => sealed.push(piece));
      return async () => {
        const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, key);
        for (const piece of sealed)
          if (sodium.crypto_secretstream_xchacha20poly1305_pull(state, piece, null) === false)
            throw new Error('It does not open');
      };
    },
  };
}

function streamOf(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  return Readable.toWeb(Readable.from(source)) as unknown as ReadableStream<Uint8Array>;
}

async function* each(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

async function drain(source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of source) void piece;
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return pieces;
}

function sink(into?: Uint8Array[]): Writable {
  return new Writable({
    write(piece: Uint8Array, _, done) {
      into?.push(piece);
      done();
    },
  });
}
