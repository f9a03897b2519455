import type { ProxyState } from '@medseal/core';

/** One fresh state under test: nothing was saved. */
export interface ProxyStateUnderTest extends AsyncDisposable {
  readonly state: ProxyState;
  /** Another one on the same backend, as after a restart; absent where it lives as long as the process. */
  reopen?(): Promise<ProxyState>;
}

/** Makes fresh states of one kind. */
export interface ProxyStateDriver extends AsyncDisposable {
  readonly name: string;
  create(): Promise<ProxyStateUnderTest>;
}
