import type { AuthorityActor } from '../../actor/actor.ts';
import type { SubmitOptions } from '../../actor/submit-command.ts';
import type { Receipt } from '../../ports/ledger.ts';
import { changeStanding, type StandingParameters } from '../../actor/change-standing.ts';

/**
 * Suspends a participant, and with him all grants to and of him, from the entry on.
 *
 * @throws RejectedError UNKNOWN_PARTICIPANT, STALE_VERSION (somebody else acted in between) or ALREADY_BANNED.
 */
export function ban(
  authority: AuthorityActor,
  parameters: StandingParameters,
  options: SubmitOptions = {},
): Promise<Receipt> {
  return changeStanding('ban', authority, parameters, options);
}
