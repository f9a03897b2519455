import type { Actor } from '../../actor/actor.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { GrantView } from '../../view/facts.ts';
import type { Notification } from '../../view/notifications/notification.ts';
import { beginning, parseCursor } from '../../view/notifications/position.ts';
import { readNotifications } from '../../view/notifications/read-notifications.ts';

export interface NotificationsOptions extends CallOptions {
  /** Cursor of the last notification that was handled; from the beginning of the log by default. */
  readonly after?: string | undefined;
  /**
   * Grants that concern the actor though he is neither side of them, such as those whose fragments a proxy keeps. Give
   * the same answer for the same grant every time, or there will be gaps.
   */
  readonly alsoGrant?: ((grant: GrantView) => boolean) | undefined;
}

/**
 * Everything that concerns the actor: requests, decisions, withdrawals, uses and violations, reports, records, bans,
 * changes of keys; and expiry, which is in no log. From behind `after` to the present, and then as it happens, until the
 * signal aborts.
 *
 * An application that saves the cursor of each notification once it has handled it misses nothing and gets nothing
 * twice, except what it was handling when it crashed: that has the same cursor again. Expiry is notified at its second,
 * by the actor's own clock or the ledger's, whichever is there first; and at the next start, if nobody was there then.
 * Begins at once with what the view holds, and tells entries as they come.
 *
 * The ledger's clock is the greatest time in its log so far. Where a ledger's times step back, an entry may be told
 * behind an expiry that is later than its time.
 *
 * Where the own clock is ahead of the ledger's, an expiry may have been notified before the ledger dates a last use or a
 * withdrawal within the time of the grant; it is not taken back.
 *
 * @throws RangeError for `after` that is no cursor, WrongLedgerError for one of another ledger; and when it is read,
 *   LedgerRewrittenError when the log is shorter than `after`, and whatever following the ledger throws.
 */
export function notifications(actor: Actor, options: NotificationsOptions = {}): AsyncGenerator<Notification> {
  const { after, signal, alsoGrant = () => false } = options;
  const { view, now } = actor.network;
  const from = after === undefined ? beginning : parseCursor(after, view.genesis.domain);
  return readNotifications(view, { me: actor.id, alsoGrant, from, now, signal });
}
