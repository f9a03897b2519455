import type { BlobRef, ReadOptions } from '@medseal/core/adapter';
import { concat, type Hex, toHex } from '@medseal/protocol';
import { sha256 } from '@noble/hashes/sha2.js';
import type { StoreUnderTest } from '../drivers/store-driver.ts';
import { bytesOf } from '../suite/bytes-of.ts';
import type { SuiteCase } from '../suite/suite.ts';

export type StoreCase = SuiteCase<StoreUnderTest>;

/** Bytes of a usual piece of a stream. */
export const PIECE: number = 64 * 1024;
/** Bytes of an object that no adapter should hold as a whole. */
export const LARGE: number = 8 * 1024 * 1024 + 7;

export async function* inPieces(bytes: Uint8Array, size: number = PIECE): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.slice(start, start + size);
}

export async function readAll({ store }: StoreUnderTest, ref: BlobRef, options?: ReadOptions): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of store.get(ref, options)) pieces.push(Uint8Array.from(piece));
  return concat(...pieces);
}

export function digestOf(bytes: Uint8Array): Hex {
  return toHex(sha256(bytes));
}

/** Every method of the port, once, of some object. */
export const calls: Readonly<
  Record<string, (tested: StoreUnderTest, ref: BlobRef, signal?: AbortSignal) => Promise<unknown>>
> = {
  put: ({ store }, _, signal) => store.put(inPieces(bytesOf(60, 14)), { signal }),
  has: ({ store }, ref, signal) => store.has(ref, { signal }),
  get: (tested, ref, signal) => readAll(tested, ref, { signal }),
  delete: ({ store }, ref, signal) => store.delete(ref, { signal }),
};
