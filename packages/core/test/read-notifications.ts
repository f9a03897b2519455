import { vi } from 'vitest';
import { notifications } from '../src/phases/audit/notifications.ts';
import type { LedgerView } from '../src/view/ledger-view.ts';
import type { Notification } from '../src/view/notifications/notification.ts';
import { idle, idleUnlessMore } from './idle.ts';
import type { Person } from './small-world.ts';
import { readerOf } from './ward.ts';

export interface Reader {
  readonly view: LedgerView;
  /** The clock of the reader. */
  readonly now: () => number;
}

export interface ReadOn {
  readonly after?: string | undefined;
  /** All there are, unless told. */
  readonly most?: number | undefined;
}

/** What a participant is told behind a cursor, until there is nothing more to tell. */
export async function readNotifications(
  { view, now }: Reader,
  to: Person,
  { after, most = Infinity }: ReadOn = {},
): Promise<Notification[]> {
  const found: Notification[] = [];
  if (most === 0) return found;
  const wait = vi.spyOn(view.tail, 'wait').mockImplementation(() => idleUnlessMore(view));
  try {
    for await (const one of notifications(readerOf(to, view, now), { after })) {
      found.push(one);
      if (found.length >= most) break;
    }
  } catch (error) {
    if (error !== idle) throw error;
  } finally {
    wait.mockRestore();
  }
  return found;
}
