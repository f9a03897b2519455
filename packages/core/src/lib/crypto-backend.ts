/** AES-256-GCM (NIST SP 800-38D) under one key, with a nonce of 12 bytes and a tag of 16 behind the ciphertext. */
export interface ChunkCipher {
  /** Writes ciphertext ‖ tag, 16 bytes more than the plaintext, into `out`. */
  encrypt(nonce: Uint8Array, plaintext: Uint8Array, out: Uint8Array): Promise<void> | void;
  /**
   * Writes the plaintext, 16 bytes fewer than `sealed`, into `out`.
   *
   * @throws DecryptionError; nothing was written then.
   */
  decrypt(nonce: Uint8Array, sealed: Uint8Array, out: Uint8Array): Promise<void> | void;
}

/** SHA-256 of what comes in pieces. */
export interface StreamingHash {
  update(bytes: Uint8Array): void;
  /** 32 bytes; the hash takes nothing more. */
  digest(): Uint8Array;
}

/** The same where it may be busy: the next call comes when the last has settled. */
export interface PacedHash {
  update(bytes: Uint8Array): Promise<void> | void;
  digest(): Promise<Uint8Array> | Uint8Array;
  /** Lets go of what the hash holds. To be called in any case; may be called again. */
  dispose?(): void;
}

/** Who does the work per byte. What is computed is the same with each. */
export interface CryptoBackend {
  /** Takes a copy of the key, which can not be read back. */
  cipher(key: Uint8Array): ChunkCipher;
  sha256(): StreamingHash;
}
