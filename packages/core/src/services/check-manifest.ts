import { concat, type Hex, reaches, type RejectionCode } from '@medseal/protocol';
import { publicKeyToBytes, verifyingKeyToBytes } from '@medseal/umbral';
import { findKeyDocument } from '../actor/find-key-document.ts';
import { RejectedError } from '../errors/rejected-error.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Directory } from '../ports/directory.ts';
import type { Manifest } from '../seal/manifest.ts';
import { listScope, parseRecordList } from '../seal/record-list.ts';
import { grantState } from '../view/grant-state.ts';
import type { Projection } from '../view/projection.ts';

/** What a proxy is asked to take charge of, opened. */
interface Charge {
  readonly manifest: Manifest;
  readonly list: Uint8Array | undefined;
}

/** Why a proxy takes no charge of a fragment: the grant behind the manifest must be live, and cover what it delegates. */
export function refuseCharge(view: Projection, { manifest, list }: Charge, now: number): RejectionCode | undefined {
  const { patient, grantee, compartment, level } = manifest;
  const grant = view.grant(patient, manifest.grant);
  if (grant === undefined) return 'NO_GRANT';
  if (grantState(view, grant, Math.max(view.clock, now)) !== 'live') return 'NOT_LIVE';
  const within = list === undefined ? grant.scope === compartment : isDelegated(view, { manifest, list }, grant.scope);
  if (grant.grantee !== grantee || !within) return 'OUT_OF_SCOPE';
  return reaches(grant.level, level) ? undefined : 'LEVEL_EXCEEDED';
}

/** The list must be the grant's, and one of its records sealed under the very key that the manifest delegates. */
function isDelegated(
  view: Projection,
  { manifest, list }: { readonly manifest: Manifest; readonly list: Uint8Array },
  scope: Hex,
): boolean {
  const parsed = parseRecordList(list);
  if (listScope(parsed) !== scope) return false;
  const { patient, compartment, level, epoch } = manifest;
  return parsed.records
    .map((id) => view.record(id))
    .some(
      (record) =>
        record?.owner === patient &&
        record.compartment === compartment &&
        record.level === level &&
        record.epoch === epoch,
    );
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
