import { sha256Hex } from '../lib/digest.ts';
import { type Manifest, verifyManifest } from '../seal/manifest.ts';
import type { NetworkParts } from './actor.ts';

/** Manifests remembered for one network. */
const MAX_MANIFESTS = 256;

const verified = new WeakMap<NetworkParts, Map<string, Manifest>>();

/**
 * A manifest from the directory, whose signature is verified the first time that these bytes are met. `undefined` for
 * what no patient signed: anybody can put that into a directory.
 */
export function readManifest(network: NetworkParts, bytes: Uint8Array): Manifest | undefined {
  const known = verified.get(network) ?? new Map<string, Manifest>();
  verified.set(network, known);
  const name = sha256Hex(bytes);
  const manifest = known.get(name) ?? verifyOrPass(network, bytes);
  if (manifest === undefined) return undefined;
  known.delete(name);
  known.set(name, manifest);
  const [oldest] = known.keys();
  if (known.size > MAX_MANIFESTS && oldest !== undefined) known.delete(oldest);
  return manifest;
}

function verifyOrPass({ ledger }: NetworkParts, bytes: Uint8Array): Manifest | undefined {
  try {
    return verifyManifest(bytes, { domain: ledger.genesis.domain });
  } catch {
    return undefined;
  }
}
