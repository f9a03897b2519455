import type { Decision, GrantFacts, Hex, Participant } from '@medseal/protocol';
import type { GrantState, GrantView, RecordLists } from './facts.ts';

/** The part of a view that tells how a grant stands. */
export interface Standing {
  participant(id: Hex): Participant | undefined;
  decision(patient: Hex, request: Hex): Decision | undefined;
}

/** How a grant stands at `time` (seconds). A ban of either side suspends it; reinstatement lets it live again. */
export function grantState(view: Standing, grant: GrantView, time: number): GrantState {
  const state = untimedState(view, grant);
  return state === 'live' && time >= grant.until ? 'expired' : state;
}

function untimedState(view: Standing, grant: GrantView): GrantState {
  if (view.decision(grant.patient, grant.id)?.status !== 'granted') return 'revoked';
  const patient = view.participant(grant.patient);
  const grantee = view.participant(grant.grantee);
  if (grantee?.keyVersion !== grant.grant.keyVersion) return 'keys changed';
  return patient?.status === 'active' && grantee.status === 'active' ? 'live' : 'suspended';
}

/** A grant as the holder's rules weigh it, with the records of its list where the view has learnt it. */
export function grantFacts(view: Standing & RecordLists, grant: GrantView): GrantFacts {
  return { ...grant, records: view.listedRecords(grant.scope), standing: untimedState(view, grant) === 'live' };
}
