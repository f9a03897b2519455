import type { BuildOptions } from './build.ts';

/** A member of an organisation: X.509 certificate and private key (P-256, PKCS #8), both PEM. */
export interface FabricIdentity {
  readonly mspId: string;
  readonly certificate: string;
  readonly privateKey: string;
}

/** What a gRPC client needs to reach a node. */
export interface FabricEndpoint {
  /** `127.0.0.1:port`. */
  readonly endpoint: string;
  /** Certificate of the TLS authority, PEM. */
  readonly tlsCaCert: string;
  /**
   * The node's name in its TLS certificate, for `grpc.ssl_target_name_override`. The certificate holds 127.0.0.1 too,
   * but Node warns about a TLS server name that is an address.
   */
  readonly hostAlias: string;
}

/** One organisation's peer. It serves the gateway too. */
export interface FabricPeer extends FabricEndpoint {
  readonly mspId: string;
}

/** The people of one organisation. */
export interface FabricOrganisation {
  readonly mspId: string;
  readonly admin: FabricIdentity;
  readonly user: FabricIdentity;
}

/** A chaincode that runs as a Node process, reached by the peers over gRPC. */
export interface ChaincodeOptions {
  /** Name on the channel. */
  readonly name: string;
  /**
   * Path of a `.ts` or `.js` file that starts a `fabric-shim` server with the environment variables `CHAINCODE_ID`
   * and `CHAINCODE_SERVER_ADDRESS` (`127.0.0.1:port`).
   */
  readonly entry: string;
  /** Further arguments for Node, before the entry. */
  readonly nodeArgs?: readonly string[];
  /** Further environment variables. Only `PATH` is inherited; `HOME` is the network's scratch folder. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface FabricOptions extends BuildOptions {
  /** Deployed in this order before the network counts as ready. Default: none. */
  readonly chaincodes?: readonly ChaincodeOptions[];
  /** How long the orderer collects transactions for a block; default 20 ms. */
  readonly batchTimeoutMs?: number;
}

/** Plain data that a client in any process needs. Organisation `i` has `peers[i]` and `organisations[i]`. */
export interface FabricConnection {
  readonly channel: string;
  readonly peers: readonly FabricPeer[];
  readonly orderer: FabricEndpoint;
  readonly organisations: readonly FabricOrganisation[];
}

/** A running network: three organisations with a peer each, one Raft orderer. */
export interface FabricNetwork extends FabricConnection, AsyncDisposable {
  /** First block of the channel (`common.Block`, protobuf). */
  readonly genesisBlock: Uint8Array;
  /** Scratch folder: `logs/<process>.log`, ledgers, keys. Removed by `stop()`. */
  readonly folder: string;
  /** Names of the deployed chaincodes. */
  chaincodes(): readonly string[];
  /** The running processes, for measurements. */
  processes(): readonly { readonly name: string; readonly pid: number }[];
  /**
   * Deploys a chaincode, or a further version under a name in use: installed on the three peers, approved by the
   * three organisations, endorsed by any two of them. The former version's process ends when all running peers have
   * the new definition. Every peer must be running.
   */
  deploy(chaincode: ChaincodeOptions): Promise<void>;
  /** Kills a peer with SIGKILL. */
  killPeer(index: number): Promise<void>;
  /** Starts a killed peer with its ledger, and resolves when the running peers see each other again. */
  startPeer(index: number): Promise<void>;
  /** Kills the orderer with SIGKILL: nothing can be committed any more. */
  killOrderer(): Promise<void>;
  /** Starts a killed orderer with its ledger, and resolves when it leads the channel. */
  startOrderer(): Promise<void>;
  /** Kills a chaincode's process with SIGKILL. */
  killChaincode(name: string): Promise<void>;
  /** Starts a killed chaincode process again at the same address. */
  startChaincode(name: string): Promise<void>;
  /** Ends all processes and removes the folder. Calling it again does nothing. */
  stop(): Promise<void>;
}
