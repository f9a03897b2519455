import { DecryptionError } from '../errors/decryption-error.ts';
import type { ChunkCipher, CryptoBackend, StreamingHash } from './crypto-backend.ts';
import { wipe } from './wipe.ts';

const ALGORITHM = 'aes-256-gcm';
const TAG_BYTES = 16;

interface NodeCipher {
  update(bytes: Uint8Array): Uint8Array;
  final(): Uint8Array;
  getAuthTag(): Uint8Array;
}

interface NodeDecipher {
  setAuthTag(tag: Uint8Array): void;
  update(bytes: Uint8Array): Uint8Array;
  final(): Uint8Array;
}

/** What is used of Node's module `crypto`; its types are not at hand where core also runs in browsers. */
interface NodeCrypto {
  createSecretKey(key: Uint8Array): object;
  createCipheriv(algorithm: string, key: object, nonce: Uint8Array, options: { authTagLength: number }): NodeCipher;
  createDecipheriv(algorithm: string, key: object, nonce: Uint8Array, options: { authTagLength: number }): NodeDecipher;
  createHash(algorithm: string): { update(bytes: Uint8Array): unknown; digest(): Uint8Array };
}

interface WithProcess {
  readonly process?: { readonly getBuiltinModule?: (id: string) => unknown } | undefined;
}

/**
 * Node's own cryptography: a chunk takes a third of the time that WebCrypto needs, and SHA-256 streams. Found at run
 * time, so that no bundler meets an import of it. `undefined` elsewhere.
 */
export function nodeBackend(): CryptoBackend | undefined {
  const node = (globalThis as WithProcess).process?.getBuiltinModule?.('crypto') as NodeCrypto | undefined;
  if (typeof node?.createCipheriv !== 'function') return undefined;
  return { cipher: (key) => nodeCipher(node, key), sha256: () => nodeSha256(node) };
}

function nodeCipher(node: NodeCrypto, bytes: Uint8Array): ChunkCipher {
  const key = node.createSecretKey(bytes);
  const options = { authTagLength: TAG_BYTES };
  return {
    encrypt(nonce, plaintext, out) {
      const cipher = node.createCipheriv(ALGORITHM, key, nonce, options);
      const ciphertext = cipher.update(plaintext);
      out.set(ciphertext);
      release(ciphertext);
      cipher.final();
      out.set(cipher.getAuthTag(), plaintext.length);
    },
    decrypt(nonce, sealed, out) {
      const end = sealed.length - TAG_BYTES;
      if (end < 0) throw new DecryptionError();
      const decipher = node.createDecipheriv(ALGORITHM, key, nonce, options);
      decipher.setAuthTag(sealed.subarray(end));
      const plaintext = decipher.update(sealed.subarray(0, end));
      try {
        decipher.final();
        out.set(plaintext);
      } catch {
        throw new DecryptionError();
      } finally {
        wipe(plaintext);
        release(plaintext);
      }
    },
  };
}

/**
 * Gives memory back at once. Left to the garbage collector, some 64 MiB of chunks that were copied pile up before it
 * looks at them.
 */
function release({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

function nodeSha256(node: NodeCrypto): StreamingHash {
  const hash = node.createHash('sha256');
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => Uint8Array.from(hash.digest()),
  };
}
