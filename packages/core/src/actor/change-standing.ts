import type { Address } from '@medseal/protocol';
import { RejectedError } from '../errors/rejected-error.ts';
import type { Receipt } from '../ports/ledger.ts';
import { commitText } from '../seal/commit-text.ts';
import type { AuthorityActor } from './actor.ts';
import { submitByAuthority, type SubmitOptions } from './submit-command.ts';

export interface StandingParameters {
  readonly participant: Address;
  /** Kept off the ledger; a salted commitment to it goes there. */
  readonly reason: string;
}

/** Bans or reinstates, for the version of the participant that the ledger shows now. */
export async function changeStanding(
  type: 'ban' | 'reinstate',
  authority: AuthorityActor,
  { participant, reason }: StandingParameters,
  options: SubmitOptions,
): Promise<Receipt> {
  const { network, signers } = authority;
  await network.view.sync(options);
  const standing = network.view.participant(participant);
  if (standing === undefined) throw new RejectedError('UNKNOWN_PARTICIPANT');
  const { commitment } = commitText('reason', reason);
  return submitByAuthority(
    network,
    { type, participant, expectedVersion: standing.version, reason: commitment },
    { signers },
    options,
  );
}
