import type { Address, CommandId } from '@medseal/protocol';
import type { Finality } from './finality.ts';
import type { ContractGenesis } from './genesis.ts';
import type { LogReader } from './logs.ts';
import type { Rpc } from './rpc.ts';
import type { Sender, SignedTransaction } from './sender.ts';

/** What the operations of one open ledger share. */
export interface Context {
  readonly rpc: Rpc;
  readonly contract: Address;
  readonly logs: LogReader;
  readonly genesis: ContractGenesis;
  readonly finality: Finality;
  /** Milliseconds. */
  readonly pollInterval: number;
  /** Absent on a ledger that was opened for reading only. */
  readonly sender: Sender | undefined;
  /** What this process has sent and has not seen final, by command. */
  readonly underWay: Map<CommandId, Attempt>;
  /** Sends that have not returned yet: two calls for one command share one transaction. */
  readonly sending: Map<CommandId, Promise<void>>;
  /** Aborts when the ledger is closed. */
  readonly closed: AbortSignal;
}

/** A command and the transaction that carries it, kept until its end is seen. */
export interface Attempt {
  readonly wire: Uint8Array;
  readonly transaction: SignedTransaction;
  /** False where the node gave no answer: then it may have the transaction or not. */
  readonly taken: boolean;
}
