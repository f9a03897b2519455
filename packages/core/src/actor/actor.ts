import type { Address, CommandSigner } from '@medseal/protocol';
import type { Directory } from '../ports/directory.ts';
import type { ParticipantKeys } from '../ports/key-store.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Proxy } from '../ports/proxy.ts';
import type { Store } from '../ports/store.ts';
import type { LedgerView } from '../view/ledger-view.ts';

/** The instances that operations work on. */
export interface NetworkParts {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly directory: Directory;
  /** The re-encryption proxies that grants are spread over. */
  readonly proxies: readonly Proxy[];
  /** How many of the proxies must work together: more than half of them. */
  readonly threshold: number;
  /** This application's own reading of the ledger. */
  readonly view: LedgerView;
  /** Own clock, seconds since 1970. */
  readonly now: () => number;
}

/** A participant at work: whose keys an operation signs and opens with. */
export interface Actor {
  readonly id: Address;
  readonly keys: ParticipantKeys;
  readonly network: NetworkParts;
}

/** The authority at work. It is no participant and signs with `threshold` of its keys. */
export interface AuthorityActor {
  /** Exactly the authority's threshold. */
  readonly signers: readonly CommandSigner[];
  /** Keys the commitments to persons; only the authority holds it. */
  readonly personKey: Uint8Array;
  readonly network: NetworkParts;
}
