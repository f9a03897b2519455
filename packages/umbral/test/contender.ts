/** Implementations of Umbral behind one interface, from bytes to bytes, so that each can play every part. */
import * as nucypherCore from '@nucypher/nucypher-core';
import * as umbralPre from '@nucypher/umbral-pre';
import * as umbral from '../src/index.ts';
import { isSignedBy, sign } from '../src/signer.ts';

await nucypherCore.initialize();

export interface Delegation {
  readonly delegatingSecret: Uint8Array;
  readonly receivingKey: Uint8Array;
  readonly signingSecret: Uint8Array;
  readonly threshold: number;
  readonly shares: number;
  readonly signDelegatingKey: boolean;
  readonly signReceivingKey: boolean;
}

export interface ProxyKeys {
  readonly verifyingKey: Uint8Array;
  readonly delegatingKey: Uint8Array | undefined;
  readonly receivingKey: Uint8Array | undefined;
}

export interface ReceiverKeys {
  readonly verifyingKey: Uint8Array;
  readonly delegatingKey: Uint8Array;
  readonly receivingSecret: Uint8Array;
}

/** A capsule and what is encrypted under its key. */
export interface Sealed {
  readonly capsule: Uint8Array;
  readonly ciphertext: Uint8Array;
}

export interface Contender {
  readonly name: string;
  publicKeyOf(secret: Uint8Array): Uint8Array;
  sign(secret: Uint8Array, message: Uint8Array): Uint8Array;
  isSigned(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  encrypt(delegatingKey: Uint8Array, plaintext: Uint8Array): Sealed;
  openOriginal(delegatingSecret: Uint8Array, sealed: Sealed): Uint8Array;
  delegate(delegation: Delegation): Uint8Array[];
  /** Parses both, verifies the kfrag, re-encrypts. */
  reencrypt(capsule: Uint8Array, kfrag: Uint8Array, keys: ProxyKeys): Uint8Array;
  /** Parses everything, verifies the cfrags, opens. */
  open(keys: ReceiverKeys, sealed: Sealed, cfrags: readonly Uint8Array[]): Uint8Array;
  /** The capsule in the form without framing. */
  simpleCapsule(capsule: Uint8Array): Uint8Array;
  /** Read and written again. */
  copyKFrag(kfrag: Uint8Array): Uint8Array;
  copyCFrag(cfrag: Uint8Array): Uint8Array;
}

const optionalKey = (bytes: Uint8Array | undefined): umbral.PublicKey | undefined =>
  bytes === undefined ? undefined : umbral.publicKeyFromBytes(bytes);

export const medseal: Contender = {
  name: 'medseal',
  publicKeyOf: (secret) => umbral.publicKeyToBytes(umbral.publicKeyOf(umbral.secretKeyFromBytes(secret))),
  sign: (secret, message) => sign(umbral.signerFromBytes(secret), message),
  isSigned: (key, message, signature) => isSignedBy(umbral.verifyingKeyFromBytes(key), message, signature),
  encrypt(delegatingKey, plaintext) {
    const { capsule, ciphertext } = umbral.encrypt(umbral.publicKeyFromBytes(delegatingKey), plaintext);
    return { capsule: umbral.capsuleToBytes(capsule), ciphertext };
  },
  openOriginal: (secret, { capsule, ciphertext }) =>
    umbral.decryptOriginal(umbral.secretKeyFromBytes(secret), umbral.capsuleFromBytes(capsule), ciphertext),
  delegate: (delegation) =>
    umbral
      .generateKFrags({
        ...delegation,
        delegatingSecret: umbral.secretKeyFromBytes(delegation.delegatingSecret),
        receivingKey: umbral.publicKeyFromBytes(delegation.receivingKey),
        signer: umbral.signerFromBytes(delegation.signingSecret),
      })
      .map(umbral.kfragToBytes),
  reencrypt(capsule, kfrag, keys) {
    const verified = umbral.verifyKFrag(umbral.kfragFromBytes(kfrag), {
      verifyingKey: umbral.verifyingKeyFromBytes(keys.verifyingKey),
      delegatingKey: optionalKey(keys.delegatingKey),
      receivingKey: optionalKey(keys.receivingKey),
    });
    return umbral.cfragToBytes(umbral.reencrypt(umbral.capsuleFromBytes(capsule), verified));
  },
  open(keys, sealed, cfrags) {
    const receiver = umbral.receiverOf({
      receivingSecret: umbral.secretKeyFromBytes(keys.receivingSecret),
      delegatingKey: umbral.publicKeyFromBytes(keys.delegatingKey),
      verifyingKey: umbral.verifyingKeyFromBytes(keys.verifyingKey),
    });
    const capsule = umbral.capsuleFromBytes(sealed.capsule);
    const verified = cfrags.map((cfrag) => receiver.verifyCFrag(umbral.cfragFromBytes(cfrag), capsule));
    return receiver.decrypt(capsule, verified, sealed.ciphertext);
  },
  simpleCapsule: (capsule) => umbral.capsuleToSimpleBytes(umbral.capsuleFromBytes(capsule)),
  copyKFrag: (kfrag) => umbral.kfragToBytes(umbral.kfragFromBytes(kfrag)),
  copyCFrag: (cfrag) => umbral.cfragToBytes(umbral.cfragFromBytes(cfrag)),
};

function peer(name: string, lib: typeof umbralPre): Contender {
  const secretKey = (bytes: Uint8Array) => lib.SecretKey.fromBEBytes(bytes);
  const publicKey = (bytes: Uint8Array) => lib.PublicKey.fromCompressedBytes(bytes);
  const optional = (bytes: Uint8Array | undefined) => (bytes === undefined ? null : publicKey(bytes));
  return {
    name,
    publicKeyOf: (secret) => secretKey(secret).publicKey().toCompressedBytes(),
    sign: (secret, message) => new lib.Signer(secretKey(secret)).sign(message).toBEBytes(),
    isSigned: (key, message, signature) => lib.Signature.fromBEBytes(signature).verify(publicKey(key), message),
    encrypt(delegatingKey, plaintext) {
      const [capsule, ciphertext] = lib.encrypt(publicKey(delegatingKey), plaintext);
      return { capsule: capsule.toBytes(), ciphertext };
    },
    openOriginal: (secret, { capsule, ciphertext }) =>
      lib.decryptOriginal(secretKey(secret), lib.Capsule.fromBytes(capsule), ciphertext),
    delegate: (delegation) =>
      lib
        .generateKFrags(
          secretKey(delegation.delegatingSecret),
          publicKey(delegation.receivingKey),
          new lib.Signer(secretKey(delegation.signingSecret)),
          delegation.threshold,
          delegation.shares,
          delegation.signDelegatingKey,
          delegation.signReceivingKey,
        )
        .map((kfrag) => kfrag.toBytes()),
    reencrypt(capsule, kfrag, keys) {
      const [delegatingKey, receivingKey] = [optional(keys.delegatingKey), optional(keys.receivingKey)];
      const verified = lib.KeyFrag.fromBytes(kfrag).verify(publicKey(keys.verifyingKey), delegatingKey, receivingKey);
      return lib.reencrypt(lib.Capsule.fromBytes(capsule), verified).toBytes();
    },
    open(keys, sealed, cfrags) {
      const secret = secretKey(keys.receivingSecret);
      const [verifying, delegating] = [publicKey(keys.verifyingKey), publicKey(keys.delegatingKey)];
      const capsule = lib.Capsule.fromBytes(sealed.capsule);
      const verified = cfrags.map((cfrag) =>
        lib.CapsuleFrag.fromBytes(cfrag).verify(capsule, verifying, delegating, secret.publicKey()),
      );
      return lib.decryptReencrypted(secret, delegating, capsule, verified, sealed.ciphertext);
    },
    simpleCapsule: (capsule) => lib.Capsule.fromBytes(capsule).toBytesSimple(),
    copyKFrag: (kfrag) => lib.KeyFrag.fromBytes(kfrag).toBytes(),
    copyCFrag: (cfrag) => lib.CapsuleFrag.fromBytes(cfrag).toBytes(),
  };
}

/**
 * Rust compiled to wasm, GPL-3.0: dependencies of the tests only. The second holds umbral-pre 0.11 with the same
 * interface under types of its own.
 */
export const peers: readonly Contender[] = [
  peer('umbral-pre 0.10.0', umbralPre),
  peer('nucypher-core 0.14.5', nucypherCore as unknown as typeof umbralPre),
];
