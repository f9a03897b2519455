import { type Address, concat, fromHex, type Hex, toHex } from '@medseal/protocol';
import { sha256 } from '@noble/hashes/sha2.js';

/** Records that grants of a sequence cover one by one. A ledger sees the scope only. */
export interface KnownList {
  readonly owner: Address;
  readonly scope: Hex;
  /** Ascending without repeats. */
  readonly records: readonly Hex[];
  /** As it travels beside the ledger: version, salt, number of records, records. */
  readonly bytes: Uint8Array;
}

/** The lists of a sequence. */
export class ListBook {
  readonly #lists = new Map<Hex, KnownList>();

  /** All lists, in the order in which they were made. */
  all(): readonly KnownList[] {
    return [...this.#lists.values()];
  }

  /** Lists of one patient. */
  of(owner: Address): readonly KnownList[] {
    return this.all().filter((one) => one.owner === owner);
  }

  get(scope: Hex | undefined): KnownList | undefined {
    return scope === undefined ? undefined : this.#lists.get(scope);
  }

  /** Makes a list of at least one record. @param salt 32 bytes */
  add(owner: Address, ids: readonly Hex[], salt: Hex): KnownList {
    const records = [...new Set(ids)].toSorted();
    const scope = toHex(treeHash(records.map((id) => concat(fromHex(salt), fromHex(id)))));
    const count = Uint8Array.of(records.length >> 8, records.length & 255);
    const bytes = concat(Uint8Array.of(1), fromHex(salt), count, ...records.map((id) => fromHex(id)));
    const list = { owner, scope, records, bytes };
    this.#lists.set(scope, list);
    return list;
  }
}

/** MTH of RFC 9162, section 2.1.1, of at least one leaf. */
function treeHash(leaves: readonly Uint8Array[]): Uint8Array {
  const [first = new Uint8Array()] = leaves;
  if (leaves.length < 2) return sha256(concat(Uint8Array.of(0), first));
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return sha256(concat(Uint8Array.of(1), treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half))));
}
