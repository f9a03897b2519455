export { adapter } from './adapter.ts';
export { deployLedger, type DeployOptions } from './deploy.ts';
export type { Finality } from './finality.ts';
export { artifact } from './generated/artifact.ts';
export { ethereumLedger } from './ledger.ts';
export type { EthereumLedgerOptions, NodeOptions } from './options.ts';
export type { Relayer, RelayerOptions, Transaction } from './relayer.ts';
export { type Eip1193Provider, RpcError } from './rpc.ts';
