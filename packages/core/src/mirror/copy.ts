import { unlessAborted } from '../lib/abort.ts';
import type { BlobRef, Store } from '../ports/store.ts';
import { within } from './deadline.ts';
import { locatorFor } from './mirror-locator.ts';
import { UnderWay } from './under-way.ts';

/** Milliseconds for which a copy is left alone after its first fault; twice as long after each further one. */
const FIRST_REST = 1_000;
const LONGEST_REST = 60_000;

/** How much the latest answer counts beside all before it. */
const WEIGHT = 0.3;

/** What a mirror remembers of one copy. */
export interface CopyHealth {
  readonly name: string;
  /** Milliseconds until the first byte, of late; `undefined` before the first answer. */
  readonly latency: number | undefined;
  /** Faults since it last did what it was asked. */
  readonly faults: number;
}

export interface AskOptions {
  /** Milliseconds for which a copy may keep silent. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/** One copy of a mirror, with the memory of how it behaved. */
export class Copy {
  readonly name: string;
  readonly store: Store;
  /** Objects that it was given, and may keep until then. */
  readonly taking: UnderWay = new UnderWay();
  /** Deletions that it was asked for: what it is given before they have ended, they may take away. */
  readonly losing: UnderWay = new UnderWay();
  #latency: number | undefined;
  #faults = 0;
  #restsUntil = 0;

  constructor(name: string, store: Store) {
    this.name = name;
    this.store = store;
  }

  get health(): CopyHealth {
    return { name: this.name, latency: this.#latency, faults: this.#faults };
  }

  /** The reference as this copy knows it. */
  refOf(ref: BlobRef): BlobRef {
    return { ...ref, locator: locatorFor(this.name, ref.locator) };
  }

  answered(latency?: number): void {
    this.#faults = 0;
    this.#restsUntil = 0;
    if (latency !== undefined) this.#learn(latency);
  }

  /** Another copy answered while this one had been at it for so many milliseconds. It may be slow; it has not failed. */
  outrun(latency: number): void {
    this.#learn(Math.max(latency, this.#latency ?? 0));
  }

  failed(): void {
    const rest = Math.min(LONGEST_REST, FIRST_REST * 2 ** this.#faults);
    this.#faults++;
    this.#restsUntil = performance.now() + rest;
  }

  /** Whether a fault is so recent that others are asked first. */
  get resting(): boolean {
    return performance.now() < this.#restsUntil;
  }

  /** Has it delete an object, by its own reference, and calls that back when it has not answered in time. */
  async delete(ref: BlobRef, { timeout, signal }: AskOptions): Promise<void> {
    const late = new AbortController();
    const signals = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
    const deleting = this.store.delete(ref, { signal: signals });
    this.losing.add(ref.digest, deleting);
    try {
      await within(timeout, deleting);
    } catch (error) {
      late.abort(error);
      throw error;
    }
  }

  /** Resolves when no deletion can take away any more what it is given now. @throws StoreUnavailableError after the timeout */
  async readyFor({ digest }: Pick<BlobRef, 'digest'>, { timeout, signal }: AskOptions): Promise<void> {
    if (this.losing.has(digest)) await within(timeout, unlessAborted(this.losing.ended(digest), signal));
  }

  #learn(latency: number): void {
    this.#latency = this.#latency === undefined ? latency : this.#latency + WEIGHT * (latency - this.#latency);
  }
}

/** The order in which to ask: those that work before those that rest, the quick before the slow, the unknown first. */
export function byHealth(copies: readonly Copy[]): readonly Copy[] {
  const rank = ({ resting, health }: Copy): number => (resting ? 1e12 : 0) + (health.latency ?? 0);
  return copies.toSorted((a, b) => rank(a) - rank(b));
}
