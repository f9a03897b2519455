import { COSIGNATURE } from './key-id.ts';
import { SIGNATURE_BYTES, verifyEd25519 } from './note-verifier.ts';
import { parseVerifierKey } from './verifier-key.ts';
import { cosignedText } from './witness-signer.ts';

/** Knows the cosignatures of one witness. */
export interface WitnessVerifier {
  readonly name: string;
  readonly keyId: number;
  readonly publicKey: Uint8Array;
  /** Time of the cosignature in seconds; `undefined` when it is not valid for this text. */
  verify(text: string, cosignature: Uint8Array): number | undefined;
}

const TIME_BYTES = 8;

/** @throws MalformedObjectError when the text is no verifier key of a witness (C2SP tlog-cosignature, Ed25519). */
export function witnessVerifier(verifierKey: string): WitnessVerifier {
  const { name, keyId, publicKey } = parseVerifierKey(verifierKey, COSIGNATURE);
  return {
    name,
    keyId,
    publicKey,
    verify: (text, cosignature) => {
      if (cosignature.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
      const { buffer, byteOffset } = cosignature;
      const time = Number(new DataView(buffer, byteOffset).getBigUint64(0));
      if (!Number.isSafeInteger(time)) return undefined;
      return verifyEd25519(publicKey, cosignedText(text, time), cosignature.subarray(TIME_BYTES)) ? time : undefined;
    },
  };
}
