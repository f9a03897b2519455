import {
  type Backend,
  capsuleFromBytes,
  capsuleToBytes,
  cfragFromBytes,
  cfragToBytes,
  decapsulateOriginal,
  encapsulate,
  generateKFrags,
  generateSecretKey,
  generateSigner,
  kfragFromBytes,
  kfragToBytes,
  nobleBackend,
  publicKeyFromBytes,
  publicKeyOf,
  publicKeyToBytes,
  receiverOf,
  reencrypt,
  secretKeyFromBytes,
  secretKeyToBytes,
  signerFromBytes,
  signerToBytes,
  useBackend,
  verifyCapsuleProof,
  verifyingKeyFromBytes,
  verifyingKeyOf,
  verifyingKeyToBytes,
  verifyKFrag,
} from '@medseal/umbral';
import type { ReEncryptor, ReEncryptorDriver } from '../src/index.ts';

/** Umbral, from bytes to bytes. */
export const umbral: ReEncryptor = {
  generateKeys() {
    const secret = generateSecretKey();
    return { secret: secretKeyToBytes(secret), publicKey: publicKeyToBytes(publicKeyOf(secret)) };
  },
  generateSigner() {
    const signer = generateSigner();
    return { secret: signerToBytes(signer), publicKey: verifyingKeyToBytes(verifyingKeyOf(signer)) };
  },
  encapsulate(delegatingKey, context) {
    const { capsule, key, proof } = encapsulate(publicKeyFromBytes(delegatingKey), { context });
    return { capsule: capsuleToBytes(capsule), key, proof };
  },
  verifyCapsule({ capsule, proof }, delegatingKey, context) {
    verifyCapsuleProof(capsuleFromBytes(capsule), publicKeyFromBytes(delegatingKey), context, proof);
  },
  decapsulate: (secret, capsule) => decapsulateOriginal(secretKeyFromBytes(secret), capsuleFromBytes(capsule)),
  delegate: ({ delegatingSecret, receivingKey, signingSecret, threshold, shares }) =>
    generateKFrags({
      delegatingSecret: secretKeyFromBytes(delegatingSecret),
      receivingKey: publicKeyFromBytes(receivingKey),
      signer: signerFromBytes(signingSecret),
      threshold,
      shares,
    }).map(kfragToBytes),
  reencrypt(capsule, fragment, keys) {
    const verified = verifyKFrag(kfragFromBytes(fragment), {
      delegatingKey: publicKeyFromBytes(keys.delegatingKey),
      receivingKey: publicKeyFromBytes(keys.receivingKey),
      verifyingKey: verifyingKeyFromBytes(keys.verifyingKey),
    });
    return cfragToBytes(reencrypt(capsuleFromBytes(capsule), verified));
  },
  combine(capsuleBytes, fragments, keys) {
    const receiver = receiverOf({
      receivingSecret: secretKeyFromBytes(keys.receivingSecret),
      delegatingKey: publicKeyFromBytes(keys.delegatingKey),
      verifyingKey: verifyingKeyFromBytes(keys.verifyingKey),
    });
    const capsule = capsuleFromBytes(capsuleBytes);
    const verified = fragments.map((fragment) => receiver.verifyCFrag(cfragFromBytes(fragment), capsule));
    return receiver.decapsulate(capsule, verified);
  },
};

export function umbralDriver(backend: Backend): ReEncryptorDriver {
  useBackend(backend);
  return {
    name: `Umbral on ${backend.name}`,
    create: async () => ({ reEncryptor: umbral, [Symbol.asyncDispose]: async () => {} }),
    [Symbol.asyncDispose]: async () => useBackend(nobleBackend),
  };
}
