import type { Address, CommandSigner, Domain, Hex, Level } from '@medseal/protocol';
import {
  type PublicKey,
  publicKeyFromBytes,
  publicKeyToBytes,
  type VerifyingKey,
  verifyingKeyFromBytes,
  verifyingKeyToBytes,
} from '@medseal/umbral';
import type { ByteReader } from '../lib/byte-reader.ts';
import { sha256Hex } from '../lib/digest.ts';
import { type PatientObject, type SignedObjectKind, signObject, verifyObject } from './signed-object.ts';

export interface ManifestProxy {
  readonly address: Address;
  /** Of the fragment that this proxy holds: see {@link kfragDigest}. */
  readonly kfragDigest: Hex;
}

/** What a patient signs about the key fragments of one grant, compartment, level and epoch. */
export interface Manifest extends PatientObject {
  readonly grant: Hex;
  readonly grantee: Address;
  /** Compartment tag. */
  readonly compartment: Hex;
  readonly level: Level;
  readonly epoch: number;
  readonly delegatingPublicKey: PublicKey;
  /** The grantee's, of the key version that the grant names. */
  readonly receivingPublicKey: PublicKey;
  /** The patient's, of her key document: verifies the fragments. */
  readonly verifyingKey: VerifyingKey;
  /** Proxies that must work together: more than half of them. */
  readonly threshold: number;
  /** Ascending by address, without repeats. */
  readonly proxies: readonly ManifestProxy[];
}

const kind: SignedObjectKind<Manifest> = {
  object: 'grant manifest',
  tag: 'medseal grant manifest',
  write: (manifest, out) => {
    out
      .hex(manifest.grant, 32, 'grant')
      .hex(manifest.grantee, 20, 'grantee')
      .hex(manifest.compartment, 32, 'compartment')
      .level(manifest.level, 'level')
      .u32(manifest.epoch, 'epoch')
      .fixed(publicKeyToBytes(manifest.delegatingPublicKey), 33, 'delegatingPublicKey')
      .fixed(publicKeyToBytes(manifest.receivingPublicKey), 33, 'receivingPublicKey')
      .fixed(verifyingKeyToBytes(manifest.verifyingKey), 33, 'verifyingKey')
      .u8(manifest.threshold, 'threshold')
      .u8(manifest.proxies.length, 'number of proxies');
    for (const { address, kfragDigest: digest } of manifest.proxies)
      out.hex(address, 20, 'proxy address').hex(digest, 32, 'kfrag digest');
  },
  read: (next, of) => ({
    ...of,
    grant: next.hex(32, 'grant'),
    grantee: next.hex(20, 'grantee'),
    compartment: next.hex(32, 'compartment'),
    level: next.level('level'),
    epoch: next.u32('epoch'),
    delegatingPublicKey: next.parsed(33, 'delegatingPublicKey', publicKeyFromBytes),
    receivingPublicKey: next.parsed(33, 'receivingPublicKey', publicKeyFromBytes),
    verifyingKey: next.parsed(33, 'verifyingKey', verifyingKeyFromBytes),
    ...readProxies(next),
  }),
};

/**
 * Signs a manifest; the proxies may come in any order.
 *
 * @throws RangeError when a value does not fit its field, the threshold is not more than half of the proxies and at
 *   most all of them, a proxy is named twice, or the signer is not the patient.
 */
export async function issueManifest(manifest: Manifest, signer: CommandSigner): Promise<Uint8Array> {
  const proxies = manifest.proxies.toSorted((a, b) => (a.address < b.address ? -1 : 1));
  if (!isThreshold(manifest.threshold, proxies.length))
    throw new RangeError('The threshold must be more than half of the proxies and at most all of them');
  if (!ascends(proxies)) throw new RangeError('A proxy is named twice');
  return signObject(kind, { ...manifest, proxies }, signer);
}

/**
 * Reads a manifest that its patient signed for this ledger.
 *
 * @throws MalformedObjectError, or UnverifiedObjectError
 */
export function verifyManifest(bytes: Uint8Array, options: { readonly domain: Domain }): Manifest {
  return verifyObject(kind, bytes, options);
}

/** SHA-256 of a key fragment's bytes. */
export function kfragDigest(kfrag: Uint8Array): Hex {
  return sha256Hex(kfrag);
}

function readProxies(next: ByteReader): Pick<Manifest, 'threshold' | 'proxies'> {
  const threshold = next.u8('threshold');
  const count = next.u8('number of proxies');
  next.require(isThreshold(threshold, count), 'threshold', 'is not more than half of the proxies and at most all');
  const proxies = Array.from({ length: count }, () => ({
    address: next.hex(20, 'proxy address'),
    kfragDigest: next.hex(32, 'kfrag digest'),
  }));
  next.require(ascends(proxies), 'proxies', 'do not ascend without repeats');
  return { threshold, proxies };
}

/** Above half, no two disjoint groups of proxies can both re-encrypt. */
function isThreshold(threshold: number, proxies: number): boolean {
  return threshold > proxies / 2 && threshold <= proxies;
}

function ascends(proxies: readonly ManifestProxy[]): boolean {
  return proxies.every(({ address }, index) => {
    const before = proxies[index - 1];
    return before === undefined || before.address < address;
  });
}
