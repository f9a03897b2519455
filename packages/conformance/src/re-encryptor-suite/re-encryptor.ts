export interface KeyPair {
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** A fresh key, encapsulated to a delegating key. */
export interface ProvenCapsule {
  readonly capsule: Uint8Array;
  /** That who made the capsule knew its randomness, for this delegating key and context. */
  readonly proof: Uint8Array;
  readonly key: Uint8Array;
}

/** The public keys that a fragment is signed for. */
export interface FragmentKeys {
  readonly delegatingKey: Uint8Array;
  readonly receivingKey: Uint8Array;
  readonly verifyingKey: Uint8Array;
}

/**
 * Threshold proxy re-encryption, bytes in and bytes out: what medseal needs of Umbral, and of anything in its place. Every
 * method throws for bytes that are not of their kind, and for a check that fails.
 */
export interface ReEncryptor {
  /** Keys that delegate or receive. */
  generateKeys(): KeyPair;
  /** Keys that sign fragments. */
  generateSigner(): KeyPair;
  encapsulate(delegatingKey: Uint8Array, context: Uint8Array): ProvenCapsule;
  verifyCapsule(sealed: Omit<ProvenCapsule, 'key'>, delegatingKey: Uint8Array, context: Uint8Array): void;
  /** The key of a capsule, for the delegator. */
  decapsulate(delegatingSecret: Uint8Array, capsule: Uint8Array): Uint8Array;
  /** One key fragment for each of `shares` proxies, any `threshold` of which suffice. */
  delegate(delegation: {
    readonly delegatingSecret: Uint8Array;
    readonly receivingKey: Uint8Array;
    readonly signingSecret: Uint8Array;
    readonly threshold: number;
    readonly shares: number;
  }): readonly Uint8Array[];
  /** Verifies the key fragment, then re-encrypts the capsule under it. */
  reencrypt(capsule: Uint8Array, fragment: Uint8Array, keys: FragmentKeys): Uint8Array;
  /** Verifies the re-encrypted fragments of a capsule, then combines them to its key, for the receiver. */
  combine(
    capsule: Uint8Array,
    fragments: readonly Uint8Array[],
    keys: Omit<FragmentKeys, 'receivingKey'> & { readonly receivingSecret: Uint8Array },
  ): Uint8Array;
}
