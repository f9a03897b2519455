import type { MirrorState } from '@medseal/core/adapter';
import type { Disturbances } from './disturbances.ts';

/** One fresh state under test: nothing is owed. It is cut off before the state that `reopen` gave is used. */
export interface MirrorStateUnderTest extends Pick<Disturbances, 'cutOff' | 'beyond'>, AsyncDisposable {
  readonly state: MirrorState;
  /** Closes it and gives another one on the same backend, as after a restart; absent where it lives as long as the process. */
  reopen?(): Promise<MirrorState>;
}

/** Makes fresh states of one kind. */
export interface MirrorStateDriver extends AsyncDisposable {
  readonly name: string;
  create(): Promise<MirrorStateUnderTest>;
}
