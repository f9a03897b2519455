import type { CallOptions } from '@medseal/core/adapter';
import type { Finality } from './finality.ts';
import type { RelayerOptions } from './relayer.ts';
import { type Eip1193Provider, httpRpc, providerRpc, type Rpc } from './rpc.ts';

/** The node: its address, or a provider of the application. */
export type NodeOptions =
  | {
      readonly rpcUrl: string;
      /** Milliseconds that one call may take; default 30,000. */
      readonly timeout?: number;
    }
  | { readonly provider: Eip1193Provider };

export type EthereumLedgerOptions = NodeOptions &
  RelayerOptions &
  CallOptions & {
    /** Address of the contract. */
    readonly contract: string;
    /** Chain that the node must be on; not checked when absent. The domain covers it in any case. */
    readonly chainId?: bigint | number;
    /** When an entry counts as final; default `finalized`. */
    readonly finality?: Finality;
    /** Seconds from block to block, from which `supports.finalityDelay` follows; default 12. */
    readonly blockTime?: number;
    /** Milliseconds from one look at the chain to the next while waiting; default 1,000. */
    readonly pollInterval?: number;
    /** Blocks that one request for logs covers at most; halved by itself where the node objects. Default 2,000. */
    readonly pageBlocks?: number;
  };

const DEFAULT_TIMEOUT = 30_000;

export function connect(options: NodeOptions): Rpc {
  return 'provider' in options
    ? providerRpc(options.provider)
    : httpRpc(options.rpcUrl, options.timeout ?? DEFAULT_TIMEOUT);
}
