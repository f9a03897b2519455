import { concat, reaches, type RejectionCode } from '@medseal/protocol';
import { publicKeyToBytes, verifyingKeyToBytes } from '@medseal/umbral';
import { findKeyDocument } from '../actor/find-key-document.ts';
import { RejectedError } from '../errors/rejected-error.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Directory } from '../ports/directory.ts';
import type { Manifest } from '../seal/manifest.ts';
import { grantState } from '../view/grant-state.ts';
import type { Projection } from '../view/projection.ts';

/** Why a proxy takes no charge of a fragment: the grant behind the manifest must be live, and cover what it delegates. */
export function refuseManifest(view: Projection, manifest: Manifest, now: number): RejectionCode | undefined {
  const { patient, grantee, compartment, level } = manifest;
  const grant = view.grant(patient, manifest.grant);
  if (grant === undefined) return 'NO_GRANT';
  if (grantState(view, grant, Math.max(view.clock, now)) !== 'live') return 'NOT_LIVE';
  if (grant.grantee !== grantee || grant.scope !== compartment) return 'OUT_OF_SCOPE';
  return reaches(grant.level, level) ? undefined : 'LEVEL_EXCEEDED';
}

/**
 * The manifest's keys must be those that stand attested on the ledger: a replaced receiving key gets nothing.
 *
 * @throws RejectedError STALE_VERSION
 */
export async function requireAttestedKeys(
  parts: { readonly view: Projection; readonly directory: Directory },
  manifest: Manifest,
  options: CallOptions,
): Promise<void> {
  const [patient, grantee] = await Promise.all([
    findKeyDocument(parts, manifest.patient, options),
    findKeyDocument(parts, manifest.grantee, options),
  ]);
  const attested = [publicKeyToBytes(grantee.receivingPublicKey), verifyingKeyToBytes(patient.verifyingKey)];
  const named = [publicKeyToBytes(manifest.receivingPublicKey), verifyingKeyToBytes(manifest.verifyingKey)];
  if (!equalBytes(concat(...attested), concat(...named))) throw new RejectedError('STALE_VERSION');
}
