import { type Hex, type Level, toHex } from '@medseal/protocol';
import { type SecretKey, secretKeyFromBytes } from '@medseal/umbral';
import { mapHashToField } from '@noble/curves/abstract/modular.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { byteWriter } from '../lib/byte-writer.ts';
import { deriveKey, hmac } from '../lib/kdf.ts';
import { wipe } from '../lib/wipe.ts';
import type { ParticipantKeys } from '../ports/key-store.ts';

/** What one delegating key is for: records of this compartment, level and epoch, and no others. */
export interface CompartmentLabel {
  /** Compartment tag. */
  readonly compartment: Hex;
  readonly level: Level;
  readonly epoch: number;
}

type DelegatingRoot = Pick<ParticipantKeys, 'delegatingRoot'>;

/** Tag under which a patient's compartment stands on the ledger: who lacks her root can not tell what it is called. */
export function compartmentTag({ delegatingRoot }: DelegatingRoot, name: string): Hex {
  if (name === '' || !name.isWellFormed()) throw new RangeError('The name of a compartment must be well-formed text');
  const key = deriveKey(delegatingRoot, 'medseal compartment tag v1');
  const tag = toHex(hmac(key, new TextEncoder().encode(name.normalize('NFC'))));
  wipe(key);
  return tag;
}

/**
 * A patient's delegating key for one compartment, level and epoch. Derived one way (HKDF): proxies who conspire with a
 * grantee recover this key, and it leads neither to the root nor to any other. 48 bytes make the reduction uniform
 * (RFC 9380, section 5).
 */
export function delegatingKey({ delegatingRoot }: DelegatingRoot, label: CompartmentLabel): SecretKey {
  const info = byteWriter()
    .hex(label.compartment, 32, 'compartment')
    .level(label.level, 'level')
    .u32(label.epoch, 'epoch')
    .done();
  const wide = deriveKey(delegatingRoot, 'medseal delegating key v1', { info, length: 48 });
  const scalar = mapHashToField(wide, secp256k1.Point.Fn.ORDER);
  const key = secretKeyFromBytes(scalar);
  wipe(wide, scalar);
  return key;
}
