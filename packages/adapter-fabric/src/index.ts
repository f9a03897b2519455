export { adapter } from './adapter.ts';
export { fabricLedger } from './fabric-ledger.ts';
export { initialiseFabricLedger } from './initialise-ledger.ts';
export type {
  FabricConnectionOptions,
  FabricDeadlines,
  FabricIdentity,
  FabricLedgerOptions,
  FabricPeer,
  FabricSigner,
} from './options.ts';
export { pemSigner } from './pem-signer.ts';
