import type { ViewStore } from '@medseal/core/adapter';
import type { Disturbances } from './disturbances.ts';

/** One fresh, empty view store under test. Before it is disturbed, every store that was used is closed. */
export interface ViewStoreUnderTest extends Disturbances, AsyncDisposable {
  readonly store: ViewStore;
  /** Another one on the same backend, beside the first. */
  reopen(): Promise<ViewStore>;
}

/** Makes fresh view stores of one kind. */
export interface ViewStoreDriver extends AsyncDisposable {
  readonly name: string;
  create(): Promise<ViewStoreUnderTest>;
}
