import { Closers } from '../lib/closers.ts';
import { systemSeconds } from '../lib/system-seconds.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { assembleNetwork, leastMajority, type Network } from './assemble-network.ts';
import { noSecrets, type SecretResolver } from './config/check-secrets.ts';
import type { AdapterLoaders } from './config/load-adapters.ts';
import type { NetworkConfig } from './config/network-config.ts';
import { PartOpener } from './config/open-part.ts';
import { planNetwork } from './config/plan-network.ts';
import { noKeyStore } from './no-key-store.ts';
import { startProxies } from './start-proxies.ts';

export interface OpenNetworkOptions extends CallOptions {
  /** The adapters that the application ships, by the name that `use` has. Only those in use are loaded. */
  readonly adapters?: AdapterLoaders | undefined;
  /** Finds the secrets that the configuration refers to: `nodeSecrets()` of @medseal/adapter-local on a server. */
  readonly secrets?: SecretResolver | undefined;
  /** Told of a view store that was damaged or does not save; the view goes on without it. Nobody is by default. */
  readonly onViewFault?: ((error: unknown) => void) | undefined;
  /** Own clock, seconds since 1970; the system's by default. */
  readonly clock?: (() => number) | undefined;
}

/** A network that was opened from a configuration. Disposal closes all of it, in reverse order. */
export interface ConfiguredNetwork extends Network {
  /** The configuration in effect, with defaults filled in. Secrets stand in it as references. */
  readonly config: NetworkConfig;
  /** The network's key store. Where none is configured, its calls reject with UnsupportedError. */
  readonly keys: KeyStore;
}

/**
 * Checks a configuration, loads the adapters that it uses, opens every part, and starts the proxies. When anything
 * fails, what was opened until then is closed.
 *
 * @throws ConfigError with everything that is wrong, before anything was opened.
 * @throws WrongLedgerError when the ledger has another domain than the configuration says.
 * @throws LedgerDivergedError when the ledger's log does not follow from the rules.
 */
export async function openNetwork(config: NetworkConfig, options: OpenNetworkOptions = {}): Promise<ConfiguredNetwork> {
  const { adapters = {}, secrets = noSecrets, clock = systemSeconds, signal } = options;
  signal?.throwIfAborted();
  const plan = await planNetwork(config, adapters, secrets, { signal });
  const closers = new Closers();
  try {
    const opener = new PartOpener(plan, { base: plan.values.base, clock, secrets, closers, signal });
    const { values } = plan;
    const ledger = await opener.openLedger(values.ledger);
    const store = await opener.open('store', values.store);
    const directory = await opener.open('directory', values.directory);
    const keys = values.keys === undefined ? undefined : await opener.open('keyStore', values.keys);
    const view = values.view === undefined ? undefined : await opener.openView(values.view);
    const onStoreFault = options.onViewFault;
    const around = { opener, ledger, directory, keys, clock, signal, onStoreFault };
    const proxies = await startProxies(values.proxies, around);
    const threshold = values.threshold ?? leastMajority(proxies.length);
    const parts = { ledger, store, directory, proxies, threshold, view: { ...view, onStoreFault } };
    const network = await assembleNetwork({ ...parts, clock, signal });
    signal?.throwIfAborted();
    return Object.assign(network, {
      config: { ...plan.effective, threshold },
      keys: keys ?? noKeyStore,
      [Symbol.asyncDispose]: () => closers[Symbol.asyncDispose](),
    });
  } catch (error) {
    // What failed to open tells more than what then failed to close.
    await closers[Symbol.asyncDispose]().catch(() => {});
    throw error;
  }
}
