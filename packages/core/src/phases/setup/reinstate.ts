import type { AuthorityActor } from '../../actor/actor.ts';
import type { SubmitOptions } from '../../actor/submit-command.ts';
import type { Receipt } from '../../ports/ledger.ts';
import { changeStanding, type StandingParameters } from '../../actor/change-standing.ts';

/**
 * Lifts a ban. Grants that have not expired in the meantime live again.
 *
 * @throws RejectedError UNKNOWN_PARTICIPANT, STALE_VERSION (somebody else acted in between) or NOT_BANNED.
 */
export function reinstate(
  authority: AuthorityActor,
  parameters: StandingParameters,
  options: SubmitOptions = {},
): Promise<Receipt> {
  return changeStanding('reinstate', authority, parameters, options);
}
