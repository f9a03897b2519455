import { type Block, LAST } from './block.ts';

/** Parts of the keys. With a block of 4 KB for each, these are 6 MiB. */
const PARTS = 1_536;
const PART = (LAST + 1) / PARTS;

/**
 * Blocks in memory: those that reach over the beginning of a part of the keys. So it is the same ones that are kept,
 * whatever is asked for: all but the smallest of a small table, and of a large one as many as there are parts.
 */
export class KeptBlocks {
  readonly #blocks: (Block | undefined)[] = Array.from({ length: PARTS });

  /** In place of those that covered its keys before. */
  put(block: Block): void {
    this.#blocks.fill(block, Math.ceil(block.low / PART), Math.ceil((block.last + 1) / PART));
  }

  find(prefix: number): Block | undefined {
    const part = Math.floor(prefix / PART);
    return covering(this.#blocks[part], prefix) ?? covering(this.#blocks[part + 1], prefix);
  }
}

function covering(block: Block | undefined, prefix: number): Block | undefined {
  return block !== undefined && block.low <= prefix && prefix <= block.last ? block : undefined;
}
