import type { Address, CommandId } from '@medseal/protocol';
import type { Finality } from './finality.ts';
import type { ContractGenesis } from './genesis.ts';
import type { LogReader } from './logs.ts';
import type { Rpc } from './rpc.ts';
import type { Sender, SentTransaction } from './sender.ts';
import type { Call } from './simulate.ts';

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
  readonly underWay: UnderWay;
}

/** A transaction and the call that it makes, kept until its end is seen. */
export interface Attempt {
  readonly transaction: SentTransaction;
  readonly call: Call;
}

/** What this process has sent and not yet seen on the chain, by command. */
export type UnderWay = Map<CommandId, Attempt>;
