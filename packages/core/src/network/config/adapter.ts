import type { Domain } from '@medseal/protocol';
import type { ConfigIssue } from '../../errors/config-error.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { Directory } from '../../ports/directory.ts';
import type { KeyStore } from '../../ports/key-store.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { MirrorState } from '../../ports/mirror-state.ts';
import type { ProxyState } from '../../ports/proxy-state.ts';
import type { Store } from '../../ports/store.ts';
import type { ViewStore } from '../../ports/view-store.ts';
import type { Fields, SecretReference, Values } from './fields.ts';

/** What a configuration puts together, by kind. */
export interface Parts {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly mirrorState: MirrorState;
  readonly directory: Directory;
  readonly keyStore: KeyStore;
  readonly proxyState: ProxyState;
  readonly viewStore: ViewStore;
}

export type PartKind = keyof Parts;

/** What an offer is opened with, beside its own options. */
export interface OpenContext extends CallOptions {
  /** Folder that relative paths start from; that of the process when absent. */
  readonly base: string | undefined;
  /** For a ledger: the domain that it must have. Core checks it too; an adapter that makes ledgers makes none then. */
  readonly domain: Domain | undefined;
  /** Seconds since 1970. */
  readonly clock: () => number;
  /** The secret itself, asked for anew each time: keep the context rather than the secret. */
  secret(reference: SecretReference, options?: CallOptions): Promise<string>;
  /** Opens a part inside this one, which a field of type `part` has given. It is closed with the network. */
  open<Kind extends PartKind>(kind: Kind, part: unknown): Promise<Parts[Kind]>;
}

/** One kind of part that an adapter can open. */
export interface Offer<Part> {
  /** One sentence for the documentation. */
  readonly doc: string;
  /** Its fields beside `use`. */
  readonly fields: Fields;
  /** Gives an open part. If it has an async disposer, that is called when the network is closed. */
  open(options: Readonly<Record<string, unknown>>, context: OpenContext): Promise<Part>;
  /** What is wrong with fields that are right one by one; paths start inside the section. */
  check?(options: Readonly<Record<string, unknown>>): readonly ConfigIssue[];
}

/** What an adapter package offers to configuration, at most one of each kind. It exports this as `adapter`. */
export type Adapter = { readonly [Kind in PartKind]?: Offer<Parts[Kind]> };

/** Offers a part whose `open` gets its fields as they were declared, checked and with defaults filled in. */
export function offer<Part, const F extends Fields>(
  doc: string,
  fields: F,
  open: (options: Values<F>, context: OpenContext) => Promise<Part>,
  check: (options: Values<F>) => readonly ConfigIssue[] = () => [],
): Offer<Part> {
  // Core checks a section by `fields` before it opens it: the two types are the same by then.
  return {
    doc,
    fields,
    open: (options, context) => open(options as Values<F>, context),
    check: (options) => check(options as Values<F>),
  };
}
