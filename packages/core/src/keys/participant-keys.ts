import { memorySigner } from '@medseal/protocol';
import {
  generateSecretKey,
  generateSigner,
  secretKeyFromBytes,
  secretKeyToBytes,
  signerFromBytes,
  signerToBytes,
} from '@medseal/umbral';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { randomBytes } from '../lib/random.ts';
import type { ParticipantKeys } from '../ports/key-store.ts';

/** The four secrets as bytes, 32 each. */
export interface KeySecrets {
  readonly signing: Uint8Array;
  readonly receiving: Uint8Array;
  readonly delegatingRoot: Uint8Array;
  readonly fragmentSigning: Uint8Array;
}

/** Fresh keys for a participant. The four are independent: what leaks or is handed over of one says nothing of another. */
export function generateKeys(): ParticipantKeys {
  return keysFromSecrets({
    signing: secp256k1.utils.randomSecretKey(),
    receiving: secretKeyToBytes(generateSecretKey()),
    delegatingRoot: randomBytes(32),
    fragmentSigning: signerToBytes(generateSigner()),
  });
}

/** Throws where a secret is not a valid key. */
export function keysFromSecrets(secrets: KeySecrets): ParticipantKeys {
  const signer = memorySigner(secrets.signing);
  return {
    address: signer.address,
    signer,
    signingSecret: secrets.signing,
    receivingSecret: secretKeyFromBytes(secrets.receiving),
    delegatingRoot: secrets.delegatingRoot,
    fragmentSigner: signerFromBytes(secrets.fragmentSigning),
  };
}

export function secretsOf(keys: ParticipantKeys): KeySecrets {
  return {
    signing: keys.signingSecret,
    receiving: secretKeyToBytes(keys.receivingSecret),
    delegatingRoot: keys.delegatingRoot,
    fragmentSigning: signerToBytes(keys.fragmentSigner),
  };
}
