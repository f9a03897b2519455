import type { Hex } from '@medseal/protocol';
import type { CopyDebt } from '../ports/mirror-state.ts';
import type { BlobRef } from '../ports/store.ts';
import type { Copy } from './copy.ts';
import { ObjectLocks } from './object-locks.ts';
import type { StateCalls } from './state-calls.ts';

/**
 * What a mirror owes its copies: its state, held in memory too. Changes to one object come one after the other, so that
 * both end alike. When a call of the state fails, nobody knows what it has, and what was owed before is owed still.
 */
export class Debts {
  readonly #state: StateCalls;
  readonly #names: ReadonlySet<string>;
  readonly #owed = new Map<Hex, ReadonlyMap<string, CopyDebt>>();
  readonly #turns = new ObjectLocks();
  /** Objects of which the state may hold debts that failed to be written. */
  readonly #unsure = new Set<Hex>();
  /** Debts that were given up until their copy is back, by copy. */
  readonly #idle = new Map<string, Set<Hex>>();
  #loading: Promise<void> | undefined;

  constructor(state: StateCalls, copies: readonly Copy[]) {
    this.#state = state;
    this.#names = new Set(copies.map(({ name }) => name));
  }

  get durable(): boolean {
    return this.#state.durable;
  }

  /** Reads the state, once. After a failure it may be called again. */
  load(): Promise<void> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  /** Everything, also of copies that the mirror has no more. */
  all(): readonly CopyDebt[] {
    return [...this.#owed.values()].flatMap((debts) => [...debts.values()]);
  }

  of(digest: Hex): readonly CopyDebt[] {
    return [...(this.#owed.get(digest)?.values() ?? [])];
  }

  owes(copy: Copy, digest: Hex): boolean {
    return this.#owed.get(digest)?.has(copy.name) === true;
  }

  /** Whether the object was deleted and one of the mirror's copies may still have it. */
  isDeleted(digest: Hex): boolean {
    return this.of(digest).some(({ copy, task }) => task === 'delete' && this.#names.has(copy));
  }

  /** Whether the state may hold a deletion of the object, of whatever copy. */
  mayHoldDeletion(digest: Hex): boolean {
    return this.#unsure.has(digest) || this.of(digest).some(({ task }) => task === 'delete');
  }

  owe(task: CopyDebt['task'], ref: BlobRef, copies: readonly Copy[]): Promise<void> {
    return this.#inTurn(ref.digest, () => this.#owe(task, ref, copies));
  }

  /** Has these copies owe a deletion that stands, if it still does. */
  widenDeletion(digest: Hex, copies: readonly Copy[]): Promise<void> {
    return this.#inTurn(digest, async () => {
      const [deletion] = this.isDeleted(digest) ? this.of(digest) : [];
      if (deletion !== undefined) await this.#owe('delete', deletion.ref, copies);
    });
  }

  /** These copies owe nothing more of the object; all copies unless told. */
  settle(digest: Hex, copies?: readonly Copy[]): Promise<void> {
    return this.#inTurn(digest, async () => {
      const names = copies?.map(({ name }) => name);
      await this.#state.write((state) => state.settle(digest, names));
      if (names === undefined) this.#unsure.delete(digest);
      const left = names === undefined ? [] : this.of(digest).filter(({ copy }) => !names.includes(copy));
      this.#hold(digest, new Map(left.map((debt) => [debt.copy, debt])));
    });
  }

  /** Nobody tries any more to pay this debt, if there is one. */
  rest(copy: string, digest: Hex): void {
    if (this.#owed.get(digest)?.has(copy) !== true) return;
    const idle = this.#idle.get(copy) ?? new Set<Hex>();
    this.#idle.set(copy, idle.add(digest));
  }

  /** The debts to a copy at which nobody works; from now on somebody does. */
  wake({ name }: Copy): readonly CopyDebt[] {
    const idle = this.#idle.get(name);
    if (idle === undefined) return [];
    this.#idle.delete(name);
    return [...idle].flatMap((digest) => this.#owed.get(digest)?.get(name) ?? []);
  }

  async #inTurn(digest: Hex, change: () => Promise<void>): Promise<void> {
    const release = await this.#turns.own(digest);
    try {
      await change();
    } finally {
      release();
    }
  }

  async #owe(task: CopyDebt['task'], ref: BlobRef, copies: readonly Copy[]): Promise<void> {
    const before = this.#owed.get(ref.digest) ?? new Map<string, CopyDebt>();
    const debts = copies.map(({ name }): CopyDebt => ({ copy: name, task, ref }));
    // Before the state has it: nobody is to read meanwhile what is being deleted.
    this.#hold(ref.digest, new Map([...before, ...debts.map((debt) => [debt.copy, debt] as const)]));
    try {
      await this.#state.write((state) => state.owe(debts));
    } catch (error) {
      this.#unsure.add(ref.digest);
      this.#hold(ref.digest, before);
      throw error;
    }
  }

  #hold(digest: Hex, debts: ReadonlyMap<string, CopyDebt>): void {
    if (debts.size === 0) this.#owed.delete(digest);
    else this.#owed.set(digest, debts);
  }

  async #load(): Promise<void> {
    const found = Map.groupBy(await this.#state.load(), ({ ref }) => ref.digest);
    for (const [digest, debts] of found) {
      this.#owed.set(digest, new Map(debts.map((debt) => [debt.copy, debt])));
      for (const { copy } of debts) this.rest(copy, digest);
    }
  }
}
