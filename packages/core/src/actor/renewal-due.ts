import type { Hex } from '@medseal/protocol';
import type { CallOptions } from '../ports/call-options.ts';
import type { Actor } from './actor.ts';
import { compartmentsOfList } from './compartments-of-list.ts';
import { learnListsOf } from './learn-lists-of.ts';

/** Whether a revoked grant of listed records still reaches into the compartment's present epoch: it must move on. */
export async function renewalDue(patient: Actor, compartment: Hex, options: CallOptions = {}): Promise<boolean> {
  const { view } = patient.network;
  const revoked = [...view.grants()].filter(
    (grant) =>
      grant.patient === patient.id && !grant.newData && view.decision(patient.id, grant.id)?.status === 'revoked',
  );
  await learnListsOf(patient, revoked, options);
  return revoked.some(({ scope }) => {
    const records = view.listedRecords(scope);
    return records !== undefined && compartmentsOfList(view, records).get(compartment) === true;
  });
}
