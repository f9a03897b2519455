import type { ViewStore } from '@medseal/core/adapter';

/** One fresh, empty view store under test. */
export interface ViewStoreUnderTest extends AsyncDisposable {
  readonly store: ViewStore;
  /** Another one on the same backend, beside the first. */
  reopen(): Promise<ViewStore>;
}

/** Makes fresh view stores of one kind. */
export interface ViewStoreDriver extends AsyncDisposable {
  readonly name: string;
  create(): Promise<ViewStoreUnderTest>;
}
