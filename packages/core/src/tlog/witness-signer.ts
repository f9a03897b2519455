import { ed25519 } from '@noble/curves/ed25519.js';
import { concat } from '@medseal/protocol';
import { COSIGNATURE, keyIdOf } from './key-id.ts';
import { requireKeyName } from './key-name.ts';
import { type Ed25519Key, ed25519PublicKey } from './note-signer.ts';
import { verifierKeyText } from './verifier-key.ts';

/** Puts a witness's name and a time to checkpoints. */
export interface WitnessSigner {
  readonly name: string;
  readonly keyId: number;
  /** Time (8 bytes) and signature over the text at that time, in seconds. */
  cosign(text: string, time: number): Uint8Array;
}

export interface Ed25519WitnessSigner extends WitnessSigner {
  readonly verifierKey: string;
}

/**
 * Signs cosignatures of version 1 (C2SP tlog-cosignature). A key of its own for each witness: the signature does not
 * cover the name.
 *
 * @throws RangeError for a text that can not name a key, or a secret key that has not 32 bytes.
 */
export function ed25519WitnessSigner({ name, secretKey }: Ed25519Key): Ed25519WitnessSigner {
  requireKeyName(name);
  const secret = secretKey.slice();
  const publicKey = ed25519PublicKey(secret);
  return {
    name,
    keyId: keyIdOf(name, COSIGNATURE, publicKey),
    verifierKey: verifierKeyText(name, COSIGNATURE, publicKey),
    cosign: (text, time) => {
      const signature = ed25519.sign(new TextEncoder().encode(cosignedText(text, time)), secret);
      return concat(timeBytes(time), signature);
    },
  };
}

/** What a witness signs: a header against other uses of the key, the time, the text of the checkpoint. */
export function cosignedText(text: string, time: number): string {
  return `cosignature/v1\ntime ${time}\n${text}`;
}

function timeBytes(time: number): Uint8Array {
  if (!Number.isSafeInteger(time) || time < 0) throw new RangeError('The time of a cosignature is whole seconds');
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(time));
  return bytes;
}
