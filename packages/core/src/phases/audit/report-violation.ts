import type { Address, CommandId } from '@medseal/protocol';
import type { Actor } from '../../actor/actor.ts';
import { submitAs, type SubmitOptions } from '../../actor/submit-command.ts';
import type { Receipt } from '../../ports/ledger.ts';
import { type Commitment, commitText } from '../../seal/commit-text.ts';

export interface ReportViolationParameters {
  /** Who is reported. */
  readonly subject: Address;
  /** Id of the command in the entry that the report points at. */
  readonly entry: CommandId;
  /** Kept off the ledger; a salted commitment to it goes there. */
  readonly statement: string;
}

/**
 * A patient reports a participant to the authority. Keep `statement` of the result: whoever is shown its bytes can
 * check them against the ledger.
 *
 * @throws RejectedError UNKNOWN_PARTICIPANT, NOT_REGISTERED or BANNED.
 */
export async function reportViolation(
  patient: Actor,
  { subject, entry, statement }: ReportViolationParameters,
  options: SubmitOptions = {},
): Promise<{ readonly receipt: Receipt; readonly statement: Commitment }> {
  const committed = commitText('statement', statement);
  const fields = { type: 'reportViolation', patient: patient.id, subject, entry, statement: committed.commitment };
  const receipt = await submitAs(patient, { ...fields, type: 'reportViolation' }, options);
  return { receipt, statement: committed };
}
