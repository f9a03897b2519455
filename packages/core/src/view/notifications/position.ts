import type { Domain } from '@medseal/protocol';
import { WrongLedgerError } from '../../errors/ledger-errors.ts';

/** How much of a log, and of the ends that follow from it, a reader has handled. */
export interface Position {
  /**
   * What was handled last. `entry`: an entry; if an end was born with it, that end was not handled yet. `end`: an end.
   * `late`: an end that was past when its entry came.
   */
  readonly last: 'entry' | 'end' | 'late';
  /** Number of entries handled. */
  readonly entries: number;
  /** All ends up to this second were handled … */
  readonly time: number;
  /** … but of this second itself, where an end was handled last, only those born at or before this entry. */
  readonly through: number;
}

export const beginning: Position = { last: 'late', entries: 0, time: 0, through: 0 };

const letters = { entry: 'e', end: 'x', late: 'l' } as const;
const FORM = /^([exl])-([0-9a-f]{8})-(0|[1-9]\d{0,14})-(0|[1-9]\d{0,12})-(0|[1-9]\d{0,14})$/;

export function formatCursor({ last, entries, time, through }: Position, domain: Domain): string {
  return [letters[last], markOf(domain), entries, time, last === 'end' ? through : 0].join('-');
}

/** @throws RangeError for what is no cursor, WrongLedgerError for one of another ledger. */
export function parseCursor(cursor: string, domain: Domain): Position {
  const [, letter, mark, ...numbers] = FORM.exec(cursor) ?? [];
  const last = (['entry', 'end', 'late'] as const).find((kind) => letters[kind] === letter);
  const [entries = 0, time = 0, through = 0] = numbers.map(Number);
  // Each kind has one form, and counts no end before the entry that it is born with.
  const sound = last === 'end' ? through < entries : through === 0 && (last === 'late' || entries > 0);
  if (last === undefined || !sound) throw new RangeError('This is no cursor of notifications');
  if (mark !== markOf(domain)) throw new WrongLedgerError('The cursor belongs to another ledger');
  return { last, entries, time, through };
}

function markOf(domain: Domain): string {
  return domain.slice(2, 10);
}
