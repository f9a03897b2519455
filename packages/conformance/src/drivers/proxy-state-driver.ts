import type { ProxyState } from '@medseal/core';
import type { Disturbances } from './disturbances.ts';

/** One fresh state under test: nothing was saved. */
export interface ProxyStateUnderTest extends Disturbances, AsyncDisposable {
  readonly state: ProxyState;
  /** Another one on the same backend, as after a restart; absent where it lives as long as the process. */
  reopen?(): Promise<ProxyState>;
}

/** Makes fresh states of one kind. */
export interface ProxyStateDriver extends AsyncDisposable {
  readonly name: string;
  create(): Promise<ProxyStateUnderTest>;
}
