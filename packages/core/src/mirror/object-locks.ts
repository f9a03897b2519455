import type { Hex } from '@medseal/protocol';

/** Gives the object back to others. */
export type Release = () => void;

/** Who holds one object, and who waits for it. */
interface Place {
  sharers: number;
  owned: boolean;
  readonly waiting: { readonly alone: boolean; readonly start: () => void }[];
}

/** Lets several share an object, or one have it alone, in the order in which they ask. */
export class ObjectLocks {
  readonly #places = new Map<Hex, Place>();

  /** Resolves when nobody has the object alone: for those that give it to copies. */
  share(digest: Hex): Promise<Release> {
    return this.#acquire(digest, false);
  }

  /** Resolves when nobody else has it: for those that take it away. */
  own(digest: Hex): Promise<Release> {
    return this.#acquire(digest, true);
  }

  async #acquire(digest: Hex, alone: boolean): Promise<Release> {
    const place = this.#places.get(digest) ?? { sharers: 0, owned: false, waiting: [] };
    this.#places.set(digest, place);
    await new Promise<void>((start) => {
      place.waiting.push({ alone, start });
      startNext(place);
    });
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (alone) place.owned = false;
      else place.sharers--;
      startNext(place);
      if (place.sharers === 0 && !place.owned) this.#places.delete(digest);
    };
  }
}

function startNext(place: Place): void {
  for (let next = place.waiting[0]; next !== undefined; next = place.waiting[0]) {
    if (place.owned || (next.alone && place.sharers > 0)) return;
    place.waiting.shift();
    if (next.alone) place.owned = true;
    else place.sharers++;
    next.start();
  }
}
