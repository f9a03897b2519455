import type { Cursor } from '../ports/ledger.ts';
import type { Frontier } from './frontier.ts';

/**
 * An entry up to which the log was verified. The edge of the tree proves itself: with one that is not the log's, what is
 * read behind it does not lead to a signed root.
 */
export interface VerifiedPlace {
  readonly cursor: Cursor;
  readonly frontier: Frontier;
}

/** Places that a reader may go on from without reading from the beginning. */
const MOST = 16;

/** Remembers the last places, by how far they are in the log. */
export class VerifiedPlaces {
  #places: readonly VerifiedPlace[] = [];
  /** Those of a saved state, which may have been damaged since, or be of another log. */
  readonly #restored = new WeakSet<VerifiedPlace>();

  /** Takes up what this process has verified. */
  add(places: readonly VerifiedPlace[]): void {
    const isOld = (old: VerifiedPlace): boolean => !places.some((place) => sizeOf(place) === sizeOf(old));
    this.#keep([...this.#places.filter(isOld), ...places]);
    for (const place of places) this.#restored.delete(place);
  }

  /** Takes up what a saved state says, where nothing better is known. */
  restore(places: readonly VerifiedPlace[]): void {
    const added = places.filter((place) => !this.#places.some((old) => sizeOf(old) === sizeOf(place)));
    this.#keep([...this.#places, ...added]);
    for (const place of added) this.#restored.add(place);
  }

  /** Whether only a saved state says that the log was verified up to this place. */
  isRestored(place: VerifiedPlace): boolean {
    return this.#restored.has(place);
  }

  /** One of them was wrong. */
  forgetRestored(): void {
    this.#places = this.#places.filter((place) => !this.isRestored(place));
  }

  /**
   * Those that one may read on from to a tree of this size, in the order of the log. What was restored has entries behind
   * it, which show that the cursor belongs to its tree.
   */
  before(size: number): readonly VerifiedPlace[] {
    return this.#places.filter((place) => sizeOf(place) < size || (sizeOf(place) === size && !this.isRestored(place)));
  }

  /** The furthest ones, in the order of the log. */
  last(number: number): readonly VerifiedPlace[] {
    return this.#places.slice(-number);
  }

  #keep(places: readonly VerifiedPlace[]): void {
    this.#places = places.toSorted((a, b) => sizeOf(a) - sizeOf(b)).slice(-MOST);
  }
}

function sizeOf({ frontier }: VerifiedPlace): number {
  return frontier.size;
}
