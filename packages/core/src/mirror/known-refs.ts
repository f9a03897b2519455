import type { Hex } from '@medseal/protocol';
import type { BlobRef } from '../ports/store.ts';
import { mergeLocators } from './mirror-locator.ts';

/** The references of what a mirror has put and given out, with the locators of copies that got an object later. */
export class KnownRefs {
  readonly #refs = new Map<Hex, BlobRef>();
  #forgotten = 0;

  /** Grows with every object that was forgotten. */
  get forgotten(): number {
    return this.#forgotten;
  }

  has(digest: Hex): boolean {
    return this.#refs.has(digest);
  }

  all(): readonly BlobRef[] {
    return [...this.#refs.values()];
  }

  know(ref: BlobRef): void {
    this.#refs.set(ref.digest, this.whereabouts(ref));
  }

  /** The object was deleted. */
  forget(digest: Hex): void {
    this.#forgotten++;
    this.#refs.delete(digest);
  }

  /** The reference with all locators that are known. */
  whereabouts(ref: BlobRef): BlobRef {
    const known = this.#refs.get(ref.digest);
    return known === undefined ? ref : { ...ref, locator: mergeLocators(known.locator, ref.locator) };
  }
}
