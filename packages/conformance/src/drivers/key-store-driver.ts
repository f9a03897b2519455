import type { KeyStore } from '@medseal/core';
import type { Disturbances } from './disturbances.ts';

/** One fresh, empty key store under test. */
export interface KeyStoreUnderTest extends Disturbances, AsyncDisposable {
  readonly keyStore: KeyStore;
  /** Another key store on the same backend, as after a restart; absent where keys live as long as the process. */
  reopen?(): Promise<KeyStore>;
  /** All bytes that rest at the backend; absent where nothing rests. */
  atRest?(): Promise<readonly Uint8Array[]>;
}

/** Makes fresh key stores of one kind. Choose the least work for passphrases: the suite makes dozens of exports. */
export interface KeyStoreDriver extends AsyncDisposable {
  readonly name: string;
  create(): Promise<KeyStoreUnderTest>;
}
