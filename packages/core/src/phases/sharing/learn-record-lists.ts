import type { Actor } from '../../actor/actor.ts';
import { learnListsOf } from '../../actor/learn-lists-of.ts';
import type { CallOptions } from '../../ports/call-options.ts';

/**
 * Has the actor's view learn the lists of all grants of records that he gave or was given, so that `readersOf` and
 * `grantFacts` count them: on another device, or after a start. Opening and revoking do so by themselves. What the view's
 * store has kept is opened from there, the rest is looked for in the directory, and then kept.
 */
export async function learnRecordLists(actor: Actor, options: CallOptions = {}): Promise<void> {
  const { view } = actor.network;
  await view.sync(options);
  const own = [...view.grants()].filter(({ patient, grantee }) => patient === actor.id || grantee === actor.id);
  await learnListsOf(actor, own, options);
}
