import type { Cursor } from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';

/** Place of an entry on the chain. The hash tells whether the block is still the one that was read. */
export interface Position {
  readonly block: number;
  readonly logIndex: number;
  readonly blockHash: Hex;
}

/** `block/log index/block hash`. */
export function formatCursor({ block, logIndex, blockHash }: Position): Cursor {
  return `${block}/${logIndex}/${blockHash}`;
}

/** @throws TypeError when the text is no cursor of an Ethereum ledger. */
export function parseCursor(cursor: Cursor): Position {
  const [, block, logIndex, hash] = /^(\d+)\/(\d+)\/0x([0-9a-f]{64})$/.exec(cursor) ?? [];
  if (block === undefined || logIndex === undefined || hash === undefined)
    throw new TypeError('Not a cursor of an Ethereum ledger');
  return { block: Number(block), logIndex: Number(logIndex), blockHash: `0x${hash}` };
}
