import { type CallOptions, type Cursor, type LedgerEntry, LedgerRewrittenError } from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';
import { delay } from './abort.ts';
import { readBlock } from './blocks.ts';
import type { Context } from './context.ts';
import { parseCursor } from './cursor.ts';
import { finalBlockNumber } from './finality.ts';

export type EntriesOptions = CallOptions & {
  readonly after?: Cursor | undefined;
  readonly follow?: boolean | undefined;
};

/** The last block that was read as final, by number and hash. */
interface Anchor {
  readonly block: number;
  readonly hash: Hex;
}

/**
 * Final entries in the order of the log. Each look at the chain first checks that what was read before still stands.
 *
 * @throws LedgerRewrittenError where it does not.
 */
export async function* readEntries(context: Context, options: EntriesOptions): AsyncGenerator<LedgerEntry> {
  const { genesis, rpc, logs } = context;
  const after = options.after === undefined ? undefined : parseCursor(options.after);
  let anchor: Anchor =
    after === undefined
      ? { block: genesis.block - 1, hash: genesis.parentHash }
      : { block: after.block, hash: after.blockHash };
  // The block of the cursor may hold further entries behind it.
  let from = after === undefined ? genesis.block : after.block;
  for (;;) {
    options.signal?.throwIfAborted();
    await checkAnchor(context, anchor, options);
    const final = await finalBlockNumber(rpc, context.finality, options);
    while (from <= final) {
      const page = await logs.page(from, final, options);
      anchor = await nextAnchor(context, page.to, options);
      for (const { id: _, block, logIndex, ...entry } of page.logs) {
        if (after !== undefined && block === after.block && logIndex <= after.logIndex) continue;
        yield entry;
        options.signal?.throwIfAborted();
      }
      from = page.to + 1;
    }
    if (options.follow !== true) return;
    await delay(context.pollInterval, options.signal);
  }
}

/** Ends, instead of failing, where a log is followed until the ledger is closed. */
export async function* untilClosed(
  entries: AsyncIterable<LedgerEntry>,
  closed: AbortSignal,
  options: EntriesOptions,
): AsyncGenerator<LedgerEntry> {
  const open = !closed.aborted;
  try {
    yield* entries;
  } catch (error) {
    if (!open || !closed.aborted || options.follow !== true || options.signal?.aborted === true) throw error;
  }
}

async function nextAnchor({ rpc }: Context, block: number, options: CallOptions): Promise<Anchor> {
  return { block, hash: (await readBlock(rpc, block, options)).hash };
}

async function checkAnchor({ rpc }: Context, anchor: Anchor, options: CallOptions): Promise<void> {
  const { hash } = await readBlock(rpc, anchor.block, options);
  if (hash !== anchor.hash)
    throw new LedgerRewrittenError(
      'A final block is gone: the chain was reorganised deeper than the configured finality',
    );
}
