import type { Address, Hex } from '@medseal/protocol';
import type { VerifiedKFrag } from '@medseal/umbral';
import type { FragmentDelivery } from '../ports/proxy.ts';
import type { Manifest } from '../seal/manifest.ts';

/** A key fragment in a proxy's charge, with the manifest that says what it is for. */
export interface HeldFragment {
  readonly manifest: Manifest;
  readonly kfrag: VerifiedKFrag;
  /** The list of a grant of listed records. */
  readonly list: Uint8Array | undefined;
  /** As it came, to be saved: the fragment is sealed to the proxy. */
  readonly delivery: FragmentDelivery;
}

/** The fragments of one proxy, in memory, by grant. A grant has one for each compartment, level and epoch it reaches. */
export class FragmentStore {
  readonly #byGrant = new Map<string, HeldFragment[]>();

  /** A fragment for the same compartment, level and epoch replaces the older one. */
  put(held: HeldFragment): void {
    const { patient, grant, compartment, level, epoch } = held.manifest;
    const others = this.of(patient, grant).filter(
      ({ manifest }) => manifest.compartment !== compartment || manifest.level !== level || manifest.epoch !== epoch,
    );
    this.#byGrant.set(keyOf(patient, grant), [...others, held]);
  }

  of(patient: Address, grant: Hex): readonly HeldFragment[] {
    return this.#byGrant.get(keyOf(patient, grant)) ?? [];
  }

  /** Deletes all fragments of a grant; true where there were any. */
  delete(patient: Address, grant: Hex): boolean {
    return this.#byGrant.delete(keyOf(patient, grant));
  }

  /** Everything held. */
  all(): readonly HeldFragment[] {
    return [...this.#byGrant.values()].flat();
  }

  /** One manifest of every grant that has fragments here. */
  *grants(): IterableIterator<Manifest> {
    for (const [first] of this.#byGrant.values()) if (first !== undefined) yield first.manifest;
  }
}

function keyOf(patient: Address, grant: Hex): string {
  return `${patient}/${grant}`;
}
