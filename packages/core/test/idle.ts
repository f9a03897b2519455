import type { LedgerView } from '../src/view/ledger-view.ts';

/** What a test ends a reader with that would wait for more. */
export const idle: Error = new Error('nothing more to tell');

/** In the place of waiting at the end of a log: reads what there is, and fails when that is nothing. */
export async function idleUnlessMore(view: LedgerView): Promise<void> {
  const before = view.entries.length;
  await view.sync();
  if (view.entries.length === before) throw idle;
}
