import type { ProxyState } from '../ports/proxy-state.ts';

/** Survives the proxy, not the process: for tests and for proxies that live as long as their ledger. */
export function memoryProxyState(): ProxyState {
  let saved: Uint8Array | undefined;
  return {
    load: () => Promise.resolve(saved?.slice()),
    save: (bytes) => {
      saved = bytes.slice();
      return Promise.resolve();
    },
  };
}
