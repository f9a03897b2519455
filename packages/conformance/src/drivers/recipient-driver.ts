import type { Identity, Recipient } from '@medseal/core/format';

/** One recipient under test, with those who can and cannot open what it wraps. */
export interface RecipientUnderTest<Context> extends AsyncDisposable {
  readonly recipient: Recipient<Context>;
  /** Opens what `recipient` wraps. */
  readonly identity: Identity<Context>;
  /** Of the same type, but another's. */
  readonly stranger: Identity<Context>;
  readonly context: Context;
  /** Contexts that differ from `context` in one part each, by the name of the part. */
  readonly otherContexts: Readonly<Record<string, Context>>;
  /** Lengths of the parts of a stanza, in order, by name. */
  readonly parts: Readonly<Record<string, number>>;
}

/** Makes fresh recipients of one type of stanza. */
export interface RecipientDriver<Context> extends AsyncDisposable {
  readonly name: string;
  create(): Promise<RecipientUnderTest<Context>>;
}
