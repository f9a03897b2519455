export type { Backend, Equation } from './backend.ts';
export type { Capsule } from './capsule.ts';
export { capsuleToSimpleBytes } from './capsule.ts';
export { capsuleFromBytes, capsuleFromSimpleBytes, capsuleToBytes } from './capsule-codec.ts';
export { CAPSULE_PROOF_BYTES, verifyCapsuleProof } from './capsule-proof.ts';
export type { CFrag, CFragProof, VerifiedCFrag } from './cfrag.ts';
export { cfragFromBytes, cfragToBytes } from './cfrag-codec.ts';
export { useBackend } from './current-backend.ts';
export type { Point } from './curve.ts';
export { decapsulateOriginal } from './decapsulate-original.ts';
export { decapsulateReencrypted } from './decapsulate-reencrypted.ts';
export { decryptOriginal, decryptReencrypted } from './decrypt.ts';
export { encapsulate, type Encapsulation, type ProvenEncapsulation } from './encapsulate.ts';
export { encrypt, type Encryption } from './encrypt.ts';
export { UmbralError, type UmbralErrorCode } from './errors.ts';
export { type Delegation, generateKFrags } from './generate-kfrags.ts';
export {
  generateSecretKey,
  type PublicKey,
  publicKeyFromBytes,
  publicKeyOf,
  publicKeyToBytes,
  type SecretKey,
  secretKeyFromBytes,
  secretKeyToBytes,
} from './keys.ts';
export type { KFrag, VerifiedKFrag } from './kfrag.ts';
export { kfragFromBytes, kfragToBytes } from './kfrag-codec.ts';
export { nobleBackend } from './noble-backend.ts';
export { type Receiver, type ReceiverKeys, receiverOf } from './receiver.ts';
export { reencrypt } from './reencrypt.ts';
export {
  generateSigner,
  type Signer,
  signerFromBytes,
  signerToBytes,
  type VerifyingKey,
  verifyingKeyFromBytes,
  verifyingKeyOf,
  verifyingKeyToBytes,
} from './signer.ts';
export { type CFragKeys, verifyCFrag } from './verify-cfrag.ts';
export { type KFragKeys, verifyKFrag } from './verify-kfrag.ts';
