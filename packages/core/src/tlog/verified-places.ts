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

  add(places: readonly VerifiedPlace[]): void {
    const isNew = ({ frontier }: VerifiedPlace): boolean => !this.#places.some((old) => sizeOf(old) === frontier.size);
    this.#places = [...this.#places, ...places.filter(isNew)].toSorted((a, b) => sizeOf(a) - sizeOf(b)).slice(-MOST);
  }

  at(cursor: Cursor | undefined): VerifiedPlace | undefined {
    return this.#places.find((place) => place.cursor === cursor);
  }

  get earliest(): VerifiedPlace | undefined {
    return this.#places[0];
  }

  /** The furthest ones, in the order of the log. */
  last(number: number): readonly VerifiedPlace[] {
    return this.#places.slice(-number);
  }
}

function sizeOf({ frontier }: VerifiedPlace): number {
  return frontier.size;
}
