import type { Domain } from '@medseal/protocol';
import { WrongLedgerError } from '../../errors/ledger-errors.ts';
import type { Closers } from '../../lib/closers.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { ViewStore } from '../../ports/view-store.ts';
import type { OpenContext, PartKind, Parts } from './adapter.ts';
import type { SecretResolver } from './check-secrets.ts';
import type { SecretReference } from './fields.ts';
import type { PartPlan } from './plan.ts';

export interface OpenerOptions extends CallOptions {
  readonly base: string | undefined;
  readonly clock: () => number;
  readonly secrets: SecretResolver;
  /** Closes what was opened. */
  readonly closers: Closers;
}

/** Opens the parts of a checked configuration. */
export class PartOpener {
  readonly #inside: PartPlan['inside'];
  readonly #options: OpenerOptions;

  constructor({ inside }: Pick<PartPlan, 'inside'>, options: OpenerOptions) {
    this.#inside = inside;
    this.#options = options;
  }

  /** @throws WrongLedgerError when the configuration says another domain. */
  async openLedger(part: unknown): Promise<Ledger> {
    const ledger = await this.open('ledger', part);
    const domain = this.#inside.get(part)?.options['domain'];
    if (domain !== undefined && domain !== ledger.genesis.domain)
      throw new WrongLedgerError('The ledger has another domain than the configuration says');
    return ledger;
  }

  /** A view store with the key that authenticates it. */
  async openView(part: unknown): Promise<{ readonly store: ViewStore; readonly storeKey: Uint8Array | undefined }> {
    const { base, secrets, signal } = this.#options;
    const store = await this.open('viewStore', part);
    const reference = this.#inside.get(part)?.options['key'] as SecretReference | undefined;
    if (reference === undefined) return { store, storeKey: undefined };
    return { store, storeKey: new TextEncoder().encode(await secrets(reference, { base, signal })) };
  }

  /** @param part what stands for the part in the checked values. */
  async open<Kind extends PartKind>(kind: Kind, part: unknown): Promise<Parts[Kind]> {
    const plan = this.#inside.get(part);
    if (plan?.kind !== kind) throw new TypeError(`This is no ${kind} section of the configuration`);
    const { base, clock, secrets, closers, signal } = this.#options;
    const inner = new PartOpener(plan, this.#options);
    const context: OpenContext = {
      base,
      domain: plan.options['domain'] as Domain | undefined,
      clock,
      signal,
      secret: (reference, options = {}) => secrets(reference, { base, ...options }),
      open: (innerKind, innerPart) => inner.open(innerKind, innerPart),
    };
    signal?.throwIfAborted();
    // By `kind` the offer gives this kind of part.
    return closers.use((await plan.offer.open(plan.options, context)) as Parts[Kind]);
  }
}
