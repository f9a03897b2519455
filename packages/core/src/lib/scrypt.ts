import { scryptAsync } from '@noble/hashes/scrypt.js';

/** Parameters of scrypt (RFC 7914) beside the passphrase and the salt. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** Bytes of the key. */
  readonly dkLen: number;
}

/** What is used of Node's module `crypto`; its types are not at hand where core also runs in browsers. */
interface NodeCrypto {
  scrypt(
    passphrase: string,
    salt: Uint8Array,
    length: number,
    options: { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number },
    done: (error: Error | null, key: Uint8Array) => void,
  ): void;
}

interface WithProcess {
  readonly process?: { readonly getBuiltinModule?: (id: string) => unknown } | undefined;
}

/**
 * Node's own where there is one: half the time, on a thread of its own, so that a server goes on meanwhile. In
 * JavaScript elsewhere. The key is the same.
 */
export function scrypt(passphrase: string, salt: Uint8Array, cost: ScryptCost): Promise<Uint8Array> {
  const node = (globalThis as WithProcess).process?.getBuiltinModule?.('crypto') as NodeCrypto | undefined;
  if (typeof node?.scrypt !== 'function') return scryptAsync(passphrase, salt, cost);
  const { N, r, p, dkLen } = cost;
  return new Promise((resolve, reject) => {
    // The table of 128 · N · r bytes, p blocks, and what OpenSSL needs beside them.
    const maxmem = 128 * r * (N + p + 2) + 65_536;
    node.scrypt(passphrase, salt, dkLen, { N, r, p, maxmem }, (error, key) => {
      if (error === null) resolve(Uint8Array.from(key));
      else reject(error);
      key?.fill(0);
    });
  });
}
