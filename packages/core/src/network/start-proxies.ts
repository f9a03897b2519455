import { isMedsealError } from '@medseal/protocol';
import type { CallOptions } from '../ports/call-options.ts';
import type { Directory } from '../ports/directory.ts';
import type { KeyStore, ParticipantKeys } from '../ports/key-store.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Proxy } from '../ports/proxy.ts';
import { ReEncryptionProxy, type ReEncryptionProxyOptions } from '../services/re-encryption-proxy.ts';
import type { ProxyValues } from './config/network-config.ts';
import type { PartOpener } from './config/open-part.ts';

type Opened = Omit<ReEncryptionProxyOptions, 'keys'>;

interface Surroundings extends CallOptions {
  readonly opener: PartOpener;
  readonly ledger: Ledger;
  readonly directory: Directory;
  readonly keys: KeyStore | undefined;
  readonly clock: () => number;
  readonly onStoreFault: ((error: unknown) => void) | undefined;
}

/** Starts the configured proxies, each with keys and a state of its own. */
export async function startProxies(
  configured: readonly ProxyValues[],
  { opener, ledger, directory, keys, clock, signal, onStoreFault }: Surroundings,
): Promise<readonly Proxy[]> {
  const opened: { readonly subject: string; readonly keyStore: KeyStore; readonly rest: Opened }[] = [];
  for (const { subject, keys: own, state: part, view: viewPart, bulkLimit } of configured) {
    const keyStore = own === undefined ? keys : await opener.open('keyStore', own);
    if (keyStore === undefined) throw new TypeError('A checked configuration names a key store for every proxy');
    const state = await opener.open('proxyState', part);
    const view = viewPart === undefined ? {} : await opener.openView(viewPart);
    const rest = { ledger, directory, state, bulkLimit, clock, view: { ...view, onStoreFault } };
    opened.push({ subject, keyStore, rest });
  }
  // Together: each costs the work of a passphrase.
  return Promise.all(
    opened.map(async ({ subject, keyStore, rest }) => {
      const own = await unlockOrGenerate(keyStore, subject, { signal });
      return new ReEncryptionProxy({ ...rest, keys: own });
    }),
  );
}

/** A proxy that lost its keys gets others, and with them an id that nobody has registered: it can release nothing. */
async function unlockOrGenerate(store: KeyStore, subject: string, options: CallOptions): Promise<ParticipantKeys> {
  try {
    return await store.unlock(subject, options);
  } catch (error) {
    // By its code: the key store's package may have a copy of the library of its own.
    if (!isMedsealError(error) || error.code !== 'ABSENT') throw error;
    return store.generate(subject, options);
  }
}
