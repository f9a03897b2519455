import type { Hex } from '@medseal/protocol';
import type { Actor } from '../../actor/actor.ts';
import { erase, shred } from '../../actor/erase.ts';
import type { SubmitOptions } from '../../actor/submit-command.ts';
import { RejectedError } from '../../errors/rejected-error.ts';
import type { Receipt } from '../../ports/ledger.ts';

/**
 * Erases a record for ever: anchored on the ledger, then all its headers and its payload are deleted. Without a header
 * nobody can come to the data key again, whatever copy of the payload remains somewhere. A grantee who opened the record
 * may have kept what he read. Called again after an interruption, it deletes what is left; the receipt is then absent.
 *
 * @throws RejectedError UNKNOWN_RECORD when no such record of the patient is on the ledger.
 */
export async function eraseRecord(
  patient: Actor,
  { record: id, reason = '' }: { readonly record: Hex; readonly reason?: string | undefined },
  options: SubmitOptions = {},
): Promise<{ readonly receipt: Receipt | undefined }> {
  const { network } = patient;
  await network.view.sync(options);
  const record = network.view.record(id);
  if (record === undefined || record.owner !== patient.id) throw new RejectedError('UNKNOWN_RECORD');
  if (!record.erased) return { receipt: await erase(patient, { record, reason }, options) };
  await shred(patient, id, options);
  return { receipt: undefined };
}
