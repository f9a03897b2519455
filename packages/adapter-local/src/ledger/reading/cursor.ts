import type { Cursor } from '@medseal/core/adapter';
import { LedgerRewrittenError } from '@medseal/core/adapter';

/** A place in the log: number of the entry, and the first half of its hash, so that another log is noticed. */
export interface Place {
  readonly seq: number;
  readonly mark: string;
}

const MARK = 16;

export function cursorOf(seq: number, leaf: Uint8Array): Cursor {
  return `${seq}.${markOf(leaf)}`;
}

/** @throws RangeError when it is no cursor of a local ledger. */
export function parseCursor(cursor: Cursor): Place {
  const [, seq = '', mark = ''] = /^(0|[1-9]\d{0,14})\.([0-9a-f]{32})$/.exec(cursor) ?? [];
  if (mark === '') throw new RangeError('This is no cursor of a local ledger');
  return { seq: Number(seq), mark };
}

/** @throws LedgerRewrittenError unless this leaf of the log is the one that the cursor was made for. */
export function checkPlace({ mark }: Place, leaf: Uint8Array): void {
  if (mark !== markOf(leaf)) throw new LedgerRewrittenError('The log holds another entry at the place of the cursor');
}

function markOf(leaf: Uint8Array): string {
  return Buffer.from(leaf.buffer, leaf.byteOffset, MARK).toString('hex');
}
