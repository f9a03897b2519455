import { breather } from '../../lib/breather.ts';
import type { LedgerView } from '../ledger-view.ts';
import { CatchUp } from './catch-up.ts';
import { LogWalk, type WalkOptions } from './log-walk.ts';
import type { Notification } from './notification.ts';

export interface ReadOptions extends WalkOptions {
  /** The reader's own clock, seconds. */
  readonly now: () => number;
  readonly signal: AbortSignal | undefined;
}

/**
 * What concerns one participant from a position on, for ever. The order is that of the log; an end stands before the
 * first entry with which the ledger's clock has reached its second, or, where the reader's own clock is there first,
 * behind all entries that the ledger had by then. The ledger's clock is the greatest time so far: where times step back,
 * an entry may stand behind an end that is later.
 *
 * Begins with what the view has saved, and tells entries as they come.
 */
export async function* readNotifications(view: LedgerView, options: ReadOptions): AsyncGenerator<Notification> {
  const { now, signal } = options;
  await view.resume({ signal });
  const release = view.tail.hold();
  try {
    const catchUp = new CatchUp(view, options);
    const walk = new LogWalk(view, options);
    const breathe = breather();
    while (await walk.goToStart(catchUp)) await breathe();
    for (;;) {
      await breathe();
      signal?.throwIfAborted();
      const found = walk.next();
      if (found === 'passed over') continue;
      if (found !== undefined) {
        yield found;
        continue;
      }
      const [end, time] = [walk.nextEnd(), now()];
      if (end === undefined || time < end.until) {
        await view.tail.wait({ signal, timeout: end && (end.until - time) * 1000 });
      } else if (catchUp.heldAllAt < end.until) {
        // What the ledger has by now comes first, so that the order does not depend on how fast entries travel.
        await catchUp.wait();
      } else yield walk.takeEnd(end);
    }
  } finally {
    release();
  }
}
