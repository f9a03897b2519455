export { ANVIL_MNEMONIC, startAnvil } from './anvil.ts';
export type { Anvil, AnvilOptions } from './anvil.ts';
export { DevnetError } from './devnet-error.ts';
export type { DevnetErrorCode } from './devnet-error.ts';
export { buildFabric } from './fabric/build.ts';
export type { BuildOptions, FabricPrograms } from './fabric/build.ts';
export type {
  ChaincodeOptions,
  FabricConnection,
  FabricEndpoint,
  FabricIdentity,
  FabricNetwork,
  FabricOptions,
  FabricOrganisation,
  FabricPeer,
} from './fabric/fabric-network.ts';
export { fabricAvailable } from './fabric/go.ts';
export type { FabricAvailability } from './fabric/go.ts';
export { startFabric } from './fabric/start-fabric.ts';
export { tcpLine } from './tcp-line.ts';
export type { TcpLine } from './tcp-line.ts';
