import type { CommandSigner } from '@medseal/protocol';
import type { Actor, AuthorityActor, NetworkParts } from '../actor/actor.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Directory } from '../ports/directory.ts';
import type { ParticipantKeys } from '../ports/key-store.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Proxy } from '../ports/proxy.ts';
import type { Store } from '../ports/store.ts';
import { LedgerView } from '../view/ledger-view.ts';
import type { LedgerViewOptions } from '../view/ledger-view-options.ts';
import { systemSeconds } from '../lib/system-seconds.ts';

export interface AssembleNetworkOptions extends CallOptions {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly directory: Directory;
  /** The re-encryption proxies that grants are spread over. */
  readonly proxies: readonly Proxy[];
  /** How many proxies must work together; by default the least majority of them. */
  readonly threshold?: number | undefined;
  /** Own clock, seconds since 1970; the system's by default. */
  readonly clock?: (() => number) | undefined;
  /** Where the network's view keeps what it has verified, and what it takes on trust. */
  readonly view?: Omit<LedgerViewOptions, 'now'> | undefined;
}

/** A deployment of medseal as one application sees it. */
export interface Network extends NetworkParts, AsyncDisposable {
  /** A participant at work. */
  actor(keys: ParticipantKeys): Actor;
  /** The authority at work, with exactly its threshold of keys. */
  authority(signers: readonly CommandSigner[], personKey: Uint8Array): AuthorityActor;
}

/**
 * Puts the given instances together and reads the ledger up to its head. They stay the caller's to close: disposal of
 * the network leaves them open.
 *
 * @throws RangeError when the threshold is not a majority of the proxies.
 * @throws LedgerDivergedError when the ledger's log does not follow from the rules.
 */
export async function assembleNetwork(options: AssembleNetworkOptions): Promise<Network> {
  const { ledger, store, directory, proxies, clock: now = systemSeconds, signal } = options;
  const threshold = options.threshold ?? leastMajority(proxies.length);
  if (!Number.isInteger(threshold) || threshold <= proxies.length / 2 || threshold > proxies.length)
    throw new RangeError('The threshold must be more than half of the proxies, and no more than there are');
  const view = new LedgerView(ledger, { ...options.view, now });
  await view.sync({ signal });
  const parts: NetworkParts = { ledger, store, directory, proxies, threshold, view, now };
  const network: Network = {
    ...parts,
    actor: (keys) => ({ id: keys.address, keys, network }),
    authority: (signers, personKey) => ({ signers, personKey, network }),
    [Symbol.asyncDispose]: async () => {},
  };
  return network;
}

/** The least number of proxies that is more than half of them. */
export function leastMajority(proxies: number): number {
  return Math.floor(proxies / 2) + 1;
}
