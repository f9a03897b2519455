import type { Gateway } from '@hyperledger/fabric-gateway';
import { common, gateway as messages, msp, peer } from '@hyperledger/fabric-protos';
import { isOutage, toLedgerError } from './gateway-errors.ts';
import type { FabricConnectionOptions } from './options.ts';
import type { PeerLink } from './peer-link.ts';
import { openPeers, type PeerPool } from './peer-pool.ts';

/** One of several ledgers in a chaincode: for tests. Shipped chaincodes hold one, and its scope is empty. */
export interface Scope {
  readonly name: string;
  /** Sent with each proposal, not recorded. */
  readonly transient: () => Readonly<Record<string, string>>;
}

export const wholeChaincode: Scope = { name: '', transient: () => ({}) };

/** A transaction that peers have endorsed. Its bytes may be sent again: it takes effect at most once. */
export interface EndorsedTransaction {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** What an adapter needs of a channel. Each call goes to one peer after the other until one answers. */
export class FabricChannel {
  readonly pool: PeerPool;
  readonly name: string;
  readonly chaincode: string;
  readonly scope: Scope;
  #height = 0;

  constructor(options: FabricConnectionOptions, scope: Scope) {
    this.pool = openPeers(options);
    this.name = options.channel;
    this.chaincode = options.chaincode;
    this.scope = scope;
  }

  /** Runs a function of the medseal chaincode on a peer, without a transaction. */
  evaluate(fn: string, ...args: readonly string[]): Promise<Uint8Array> {
    return this.pool.use(({ network }) => network.getContract(this.chaincode).evaluate(fn, this.#proposal(args)));
  }

  endorse(fn: string, ...args: readonly string[]): Promise<EndorsedTransaction> {
    return this.pool.use(async ({ network }) => {
      const proposal = network.getContract(this.chaincode).newProposal(fn, this.#proposal(args));
      const transaction = await proposal.endorse();
      return { id: transaction.getTransactionId(), bytes: transaction.getBytes() };
    });
  }

  /** Hands a transaction to the orderers. They may have it already. */
  async order({ bytes }: EndorsedTransaction): Promise<void> {
    await this.pool.use(async ({ gateway }) => {
      try {
        await gateway.newTransaction(bytes).submit();
      } catch (error) {
        if (!isAlreadyOrdered(error)) throw error;
      }
    });
  }

  /** Validation code and block of a transaction. Waits until it is in a block, at most for one deadline. */
  async commitStatus({ id }: EndorsedTransaction): Promise<{ code: number; block: number }> {
    const { code, blockNumber } = await this.pool.use(({ gateway }) => this.#commit(gateway, id).getStatus());
    this.#height = Math.max(this.#height, Number(blockNumber) + 1);
    return { code, block: Number(blockNumber) };
  }

  /** Number of blocks: of the peer in use, or more where another was further. */
  async height(): Promise<number> {
    this.#height = Math.max(this.#height, await this.peerHeight());
    return this.#height;
  }

  /** Number of blocks of the peer in use. */
  async peerHeight(): Promise<number> {
    const info = await this.#system('GetChainInfo');
    return common.BlockchainInfo.deserializeBinary(info).getHeight();
  }

  /** Whether the peer in use has every block that this client knows of. */
  async isCurrent(): Promise<boolean> {
    return (await this.peerHeight()) >= this.#height;
  }

  async block(number: number): Promise<common.Block> {
    return common.Block.deserializeBinary(await this.#system('GetBlockByNumber', String(number)));
  }

  async blockOfTransaction(id: string): Promise<common.Block> {
    return common.Block.deserializeBinary(await this.#system('GetBlockByTxID', id));
  }

  close(): void {
    this.pool[Symbol.dispose]();
  }

  #system(fn: string, ...args: readonly string[]): Promise<Uint8Array> {
    const call = { arguments: [this.name, ...args] };
    return this.pool.use(({ network }: PeerLink) => network.getContract('qscc').evaluate(fn, call));
  }

  #proposal(args: readonly string[]): { arguments: string[]; transientData: Record<string, string> } {
    return { arguments: [...args], transientData: { ...this.scope.transient() } };
  }

  // Made by hand: the client's own comes only from a call to the orderers that succeeded.
  #commit(gateway: Gateway, transactionId: string): ReturnType<Gateway['newCommit']> {
    const { mspId, credentials } = gateway.getIdentity();
    const identity = new msp.SerializedIdentity();
    identity.setMspid(mspId);
    identity.setIdBytes(credentials);
    const request = new messages.CommitStatusRequest();
    request.setTransactionId(transactionId);
    request.setChannelId(this.name);
    request.setIdentity(identity.serializeBinary());
    const signed = new messages.SignedCommitStatusRequest();
    signed.setRequest(request.serializeBinary());
    return gateway.newCommit(signed.serializeBinary());
  }
}

export const VALID: number = peer.TxValidationCode.VALID;

// SmartBFT orderers say so of a transaction that they have seen; Raft orderers take it again.
function isAlreadyOrdered(error: unknown): boolean {
  return isOutage(error) && JSON.stringify((error as { details?: unknown }).details).includes('already processed');
}

/** Runs calls of a channel, with the errors of the port. */
export async function asLedgerCall<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toLedgerError(error);
  }
}
