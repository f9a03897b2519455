import { concat, type Hex } from '@medseal/protocol';
import { afterEach, beforeEach, vi } from 'vitest';
import { sha256Hex } from '../src/lib/digest.ts';
import { type MirroredStore, mirroredStore, type MirroredStoreOptions } from '../src/mirror/mirrored-store.ts';
import type { BlobRef, ReadOptions } from '../src/ports/store.ts';
import { type FaultyStore, faultyStore } from './faulty-store.ts';

const PIECE = 64 * 1024;

/** No piece of it is like another. */
function patterned(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => ((index * 31 + (index >> 8)) ^ (index >> 16)) & 255);
}

/** Verified before it is handed out. */
export const small: Uint8Array = patterned(1000);
/** Handed out while it is read. */
export const large: Uint8Array = patterned(3 * 1024 * 1024);

export async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += PIECE) yield bytes.slice(start, start + PIECE);
}

export async function read(store: MirroredStore, ref: BlobRef, options: ReadOptions = {}): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of store.get(ref, options)) parts.push(piece);
  return concat(...parts);
}

/** Lets the test's clock run until the promise settles. */
export async function soon<T>(promise: PromiseLike<T>): Promise<T> {
  const state = { settled: false };
  const end = (): void => void (state.settled = true);
  promise.then(end, end);
  for (let turn = 0; !state.settled; turn++) {
    if (turn > 10_000) throw new Error('The promise does not settle in 200 seconds');
    await vi.advanceTimersByTimeAsync(20);
  }
  return promise;
}

/** How long a promise takes, in milliseconds of the test's clock. */
export async function duration(promise: Promise<unknown>): Promise<number> {
  const started = performance.now();
  await soon(promise.catch(() => {}));
  return performance.now() - started;
}

export function flipBit(blobs: Map<Hex, Uint8Array>, digest: Hex): void {
  const bytes = (blobs.get(digest) ?? new Uint8Array()).slice();
  bytes[500] = (bytes[500] ?? 0) ^ 4;
  blobs.set(digest, bytes);
}

/** Its methods as they are, for a test that puts others in their place. */
export function methodsOf(store: FaultyStore): Pick<FaultyStore, 'put' | 'get'> {
  return { put: store.put.bind(store), get: store.get.bind(store) };
}

/** A mirror of three copies under a clock that stands still unless a test lets it run. */
export interface MirrorDesk {
  readonly copies: readonly [FaultyStore, FaultyStore, FaultyStore];
  /** The mirror that was opened last. */
  readonly mirror: MirroredStore;
  /** Another mirror over the same copies, this one being the first that it asks. */
  open(first?: number, options?: MirroredStoreOptions): MirroredStore;
  /** Numbers of the copies that have the object whole. */
  holders(digest: Hex): readonly number[];
}

/** A fresh desk for every test of a file, put away afterwards. */
export function mirrorDesk(): MirrorDesk {
  let desk: MirrorDesk;
  beforeEach(() => {
    desk = openDesk();
  });
  afterEach(() => closeDesk(desk));
  return {
    get copies() {
      return desk.copies;
    },
    get mirror() {
      return desk.mirror;
    },
    open: (...how) => desk.open(...how),
    holders: (digest) => desk.holders(digest),
  };
}

function openDesk(): MirrorDesk {
  vi.useFakeTimers();
  const copies = [faultyStore(), faultyStore(), faultyStore()] as const;
  const open = (first = 0, options: MirroredStoreOptions = {}): MirroredStore => {
    const order = [0, 1, 2].map((place) => (place + first) % 3);
    return mirroredStore(Object.fromEntries(order.map((one) => [`copy ${one}`, copies[one] as FaultyStore])), options);
  };
  const desk = {
    copies,
    mirror: open(),
    open: (first?: number, options?: MirroredStoreOptions) => (desk.mirror = open(first, options)),
    holders: (digest: Hex) =>
      [0, 1, 2].filter((one) => {
        const bytes = copies[one]?.memory.blobs.get(digest);
        return bytes !== undefined && sha256Hex(bytes) === digest;
      }),
  };
  return desk;
}

/** @throws Error when the mirror leaves a timer behind. */
async function closeDesk({ mirror }: MirrorDesk): Promise<void> {
  await soon(mirror[Symbol.asyncDispose]());
  const left = vi.getTimerCount();
  vi.useRealTimers();
  if (left > 0) throw new Error(`${left} timers are left behind`);
}
