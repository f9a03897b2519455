import { UnsupportedError } from '../errors/unsupported-error.ts';
import type { KeyStore } from '../ports/key-store.ts';

/** Stands where the configuration names no key store: whoever asks it for keys is told so. */
export const noKeyStore: KeyStore = {
  generate: refuse,
  unlock: refuse,
  export: refuse,
  import: refuse,
  [Symbol.asyncDispose]: async () => {},
};

function refuse(): Promise<never> {
  return Promise.reject(new UnsupportedError('The configuration names no key store for the network'));
}
