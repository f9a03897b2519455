import type { Domain } from '@medseal/protocol';

/** A peer that serves the Fabric gateway. */
export interface FabricPeer {
  /** `host:port`. */
  readonly endpoint: string;
  /** Certificate of the TLS authority that signed the peer's certificate, PEM. */
  readonly tlsCaCert: string;
  /** Name in the peer's TLS certificate, where it differs from the host in `endpoint`. */
  readonly hostAlias?: string | undefined;
}

/** Who relays: a member of one of the channel's organisations. It may relay anybody's commands and forge none. */
export interface FabricIdentity {
  readonly mspId: string;
  /** X.509 certificate, PEM. */
  readonly certificate: string;
}

/** Signs a message with the identity's key: ECDSA over its SHA-256, DER, low s. The key may live in an HSM. */
export type FabricSigner = (message: Uint8Array) => Promise<Uint8Array>;

/** Longest waits, milliseconds. Fabric itself has none. */
export interface FabricDeadlines {
  /** One query, or the wait for the next block that is known to exist. Default 5,000. */
  readonly evaluateMs?: number | undefined;
  /** Collecting endorsements. Default 10,000. */
  readonly endorseMs?: number | undefined;
  /** Handing a transaction to the orderers, or one wait for its commitment; then the same bytes are sent again. Default 5,000. */
  readonly submitMs?: number | undefined;
  /** All of that, until an endorsed transaction is known to be committed. Default 30,000. */
  readonly commitMs?: number | undefined;
}

/** How to reach a channel. */
export interface FabricConnectionOptions {
  /** In order of preference: another is used when one does not answer. */
  readonly peers: readonly FabricPeer[];
  readonly identity: FabricIdentity;
  readonly signer: FabricSigner;
  readonly channel: string;
  /** Name of the medseal chaincode on the channel. */
  readonly chaincode: string;
  readonly deadlines?: FabricDeadlines | undefined;
}

export interface FabricLedgerOptions extends FabricConnectionOptions {
  /**
   * The domain that this ledger must have. Whoever initialises a chaincode first sets its authority, so pin the domain
   * that you were told.
   */
  readonly domain?: Domain | undefined;
  /** Seconds since 1970; by default the system's clock. */
  readonly clock?: (() => number) | undefined;
}
