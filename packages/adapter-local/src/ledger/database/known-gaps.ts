import type { Block } from './block.ts';

/** Parts of the keys: one for each value of their first three bytes. With a bit for each, these are 2 MiB. */
const PARTS = 2 ** 24;
/** Prefixes of keys, as blocks have them, in the eight parts that share a byte. */
const EIGHT_PARTS = 2 ** 27;

/**
 * Parts of the keys in which a table is known to have none. Keys are digests, which lie scattered: while a table has
 * fewer of them than there are parts, most of the keys that it has not are known to be absent without their block.
 */
export class KnownGaps {
  readonly #bits = new Uint8Array(PARTS / 8);

  /** Whether the part of this key is one of them. */
  has(key: Uint8Array): boolean {
    const part = partOf(key, 0);
    return ((this.#bits[part >> 3] ?? 0) & (1 << (part & 7))) !== 0;
  }

  /** Between the records of a block, of `size` bytes each, there are no others. */
  add({ low, last, records }: Block, size: number): void {
    this.#bits.fill(0xff, Math.ceil(low / EIGHT_PARTS), Math.floor((last + 1) / EIGHT_PARTS));
    for (let at = 0; at < records.length; at += size) this.#remove(partOf(records, at));
  }

  /** This key may come. */
  remove(key: Uint8Array): void {
    this.#remove(partOf(key, 0));
  }

  #remove(part: number): void {
    this.#bits[part >> 3] = (this.#bits[part >> 3] ?? 0) & ~(1 << (part & 7));
  }
}

function partOf(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
}
