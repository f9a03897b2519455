import type { CallOptions } from '../ports/call-options.ts';
import type { GrantView } from '../view/facts.ts';
import type { Actor } from './actor.ts';
import { findRecordList } from './find-record-list.ts';

/** Has the view learn the lists of these grants, where they have one that it does not know and the actor can open. */
export async function learnListsOf(
  actor: Actor,
  grants: Iterable<GrantView>,
  options: CallOptions = {},
): Promise<void> {
  const { view } = actor.network;
  for (const { scope, newData } of grants) {
    // What is sealed later is on no list: a grant of new data is one of a compartment.
    if (!newData && view.listedRecords(scope) === undefined) await findRecordList(actor, scope, options);
  }
}
