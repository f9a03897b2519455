import type { Address, Hex } from '@medseal/protocol';
import {
  type PublicKey,
  publicKeyFromBytes,
  publicKeyOf,
  publicKeyToBytes,
  type VerifyingKey,
  verifyingKeyFromBytes,
  verifyingKeyOf,
  verifyingKeyToBytes,
} from '@medseal/umbral';
import { readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';
import { sha256Hex } from '../lib/digest.ts';
import type { ParticipantKeys } from '../ports/key-store.ts';

const VERSION = 1;

/** A participant's public keys. Its digest stands on the ledger, attested by the authority at registration. */
export interface KeyDocument {
  readonly address: Address;
  /** What is sealed and delegated to. */
  readonly receivingPublicKey: PublicKey;
  /** Verifies the participant's key fragments. */
  readonly verifyingKey: VerifyingKey;
}

export function keyDocumentOf(keys: ParticipantKeys): KeyDocument {
  return {
    address: keys.address,
    receivingPublicKey: publicKeyOf(keys.receivingSecret),
    verifyingKey: verifyingKeyOf(keys.fragmentSigner),
  };
}

/** version ‖ address ‖ receiving public key ‖ verifying key. */
export function encodeKeyDocument(document: KeyDocument): Uint8Array {
  return byteWriter()
    .u8(VERSION, 'version')
    .hex(document.address, 20, 'address')
    .fixed(publicKeyToBytes(document.receivingPublicKey), 33, 'receivingPublicKey')
    .fixed(verifyingKeyToBytes(document.verifyingKey), 33, 'verifyingKey')
    .done();
}

/** @throws MalformedObjectError */
export function parseKeyDocument(bytes: Uint8Array): KeyDocument {
  return readObject(bytes, 'key document', (next) => {
    next.require(next.u8('version') === VERSION, 'version', 'is unknown');
    return {
      address: next.hex(20, 'address'),
      receivingPublicKey: next.parsed(33, 'receivingPublicKey', publicKeyFromBytes),
      verifyingKey: next.parsed(33, 'verifyingKey', verifyingKeyFromBytes),
    };
  });
}

/** What `register` anchors: SHA-256 of the document. */
export function keyDocumentDigest(bytes: Uint8Array): Hex {
  return sha256Hex(bytes);
}
