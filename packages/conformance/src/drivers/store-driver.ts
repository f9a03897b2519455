import type { Directory, Store } from '@medseal/core/adapter';
import type { Disturbances } from './disturbances.ts';

/** One fresh, empty store under test, with the means to look behind its adapter. */
export interface StoreUnderTest extends Disturbances, AsyncDisposable {
  readonly store: Store;
  /** Bytes of every object that can be read at the backend, in any order, not through the adapter. */
  objects(): Promise<readonly Uint8Array[]>;
  /** Another store on the same backend, as after a restart; absent where objects live as long as the process. */
  reopen?(): Promise<Store>;
}

/** Makes fresh stores of one kind. */
export interface StoreDriver extends AsyncDisposable {
  readonly name: string;
  create(): Promise<StoreUnderTest>;
}

/** One fresh, empty directory under test. */
export interface DirectoryUnderTest extends Disturbances, AsyncDisposable {
  readonly directory: Directory;
  /** Another directory on the same backend, as after a restart; absent where objects live as long as the process. */
  reopen?(): Promise<Directory>;
}

/** Makes fresh directories of one kind. */
export interface DirectoryDriver extends AsyncDisposable {
  readonly name: string;
  create(): Promise<DirectoryUnderTest>;
}
