import type { Cursor } from '@medseal/core/adapter';

/** Block number and place of the transaction in the block, both from 0. */
export interface Position {
  readonly block: number;
  readonly index: number;
}

/** `000000000012-000003`: cursors of one ledger sort as text. */
export function toCursor({ block, index }: Position): Cursor {
  return `${String(block).padStart(12, '0')}-${String(index).padStart(6, '0')}`;
}

/** @throws RangeError when no Fabric ledger gave this cursor. */
export function parseCursor(cursor: Cursor): Position {
  const [, block, index] = /^(\d{12})-(\d{6})$/.exec(cursor) ?? [];
  if (block === undefined || index === undefined) throw new RangeError('The cursor is not of a Fabric ledger');
  return { block: Number(block), index: Number(index) };
}
