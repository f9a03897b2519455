import { join } from 'node:path';
import type { Guard } from '../guard.ts';
import { startProcess } from '../managed-process.ts';
import type { ManagedProcess, ProcessOptions } from '../managed-process.ts';
import type { FabricPrograms } from './build.ts';
import { waitForNode } from './health.ts';
import { ORDERER_MSP_ID } from './topology.ts';
import type { OrdererNode, PeerNode } from './topology.ts';

/** What every process of one network shares. */
export interface NetworkContext {
  readonly folder: string;
  readonly guard: Guard;
  readonly programs: FabricPrograms;
}

/** Starts the orderer and waits until it accepts requests. It may not lead its channel yet. */
export function startOrderer(
  context: NetworkContext,
  node: OrdererNode,
  signal?: AbortSignal,
): Promise<ManagedProcess> {
  const { certificate, key, authority } = tlsFiles(node.cryptoFolder);
  const data = join(context.folder, 'data', 'orderer');
  const ready = (child: ManagedProcess): Promise<void> =>
    waitForNode(child, node.operationsPort, [node.port, node.adminPort], signal);
  const program = { name: node.hostName, command: context.programs.orderer, args: [], ready };
  return startNode(context, program, {
    ORDERER_GENERAL_LISTENADDRESS: '127.0.0.1',
    ORDERER_GENERAL_LISTENPORT: String(node.port),
    ORDERER_GENERAL_LOCALMSPID: ORDERER_MSP_ID,
    ORDERER_GENERAL_LOCALMSPDIR: join(node.cryptoFolder, 'msp'),
    ORDERER_GENERAL_TLS_ENABLED: 'true',
    ORDERER_GENERAL_TLS_CERTIFICATE: certificate,
    ORDERER_GENERAL_TLS_PRIVATEKEY: key,
    ORDERER_GENERAL_TLS_ROOTCAS: `[${authority}]`,
    ORDERER_GENERAL_CLUSTER_CLIENTCERTIFICATE: certificate,
    ORDERER_GENERAL_CLUSTER_CLIENTPRIVATEKEY: key,
    ORDERER_GENERAL_CLUSTER_ROOTCAS: `[${authority}]`,
    ORDERER_GENERAL_BOOTSTRAPMETHOD: 'none',
    ORDERER_FILELEDGER_LOCATION: data,
    ORDERER_CONSENSUS_WALDIR: join(data, 'wal'),
    ORDERER_CONSENSUS_SNAPDIR: join(data, 'snapshots'),
    ORDERER_CHANNELPARTICIPATION_ENABLED: 'true',
    ORDERER_ADMIN_LISTENADDRESS: `127.0.0.1:${node.adminPort}`,
    ORDERER_OPERATIONS_LISTENADDRESS: `127.0.0.1:${node.operationsPort}`,
    // Only the metrics tell whether there is a Raft leader.
    ORDERER_METRICS_PROVIDER: 'prometheus',
  });
}

/** Starts a peer and waits until it accepts requests. */
export function startPeer(context: NetworkContext, node: PeerNode, signal?: AbortSignal): Promise<ManagedProcess> {
  const { certificate, key, authority } = tlsFiles(node.cryptoFolder);
  const data = join(context.folder, 'data', node.hostName);
  const ready = (child: ManagedProcess): Promise<void> => waitForNode(child, node.operationsPort, [node.port], signal);
  const program = { name: node.hostName, command: context.programs.peer, args: ['node', 'start'], ready };
  return startNode(context, program, {
    CORE_PEER_ID: node.hostName,
    CORE_PEER_LOCALMSPID: node.mspId,
    CORE_PEER_MSPCONFIGPATH: join(node.cryptoFolder, 'msp'),
    CORE_PEER_FILESYSTEMPATH: data,
    CORE_LEDGER_SNAPSHOTS_ROOTDIR: join(data, 'snapshots'),
    CORE_PEER_ADDRESS: node.endpoint,
    CORE_PEER_LISTENADDRESS: node.endpoint,
    CORE_PEER_CHAINCODEADDRESS: `127.0.0.1:${node.chaincodePort}`,
    CORE_PEER_CHAINCODELISTENADDRESS: `127.0.0.1:${node.chaincodePort}`,
    CORE_PEER_TLS_ENABLED: 'true',
    CORE_PEER_TLS_CERT_FILE: certificate,
    CORE_PEER_TLS_KEY_FILE: key,
    CORE_PEER_TLS_ROOTCERT_FILE: authority,
    // The time of a transaction is the client's claim: refuse one that is more than this away from the peer's clock.
    CORE_PEER_AUTHENTICATION_TIMEWINDOW: '30s',
    // The peers find each other through the anchor peers in the channel's configuration. With the default
    // intervals of up to 25 s the gateway has no endorsers of the other organisations for half a minute.
    CORE_PEER_GOSSIP_BOOTSTRAP: node.endpoint,
    CORE_PEER_GOSSIP_EXTERNALENDPOINT: node.endpoint,
    CORE_PEER_GOSSIP_RECONNECTINTERVAL: '300ms',
    CORE_PEER_GOSSIP_DIALTIMEOUT: '500ms',
    CORE_PEER_GOSSIP_CONNTIMEOUT: '500ms',
    CORE_PEER_GOSSIP_PUBLISHSTATEINFOINTERVAL: '500ms',
    CORE_PEER_GOSSIP_REQUESTSTATEINFOINTERVAL: '500ms',
    // A peer that has lost the orderer asks again at least this often.
    CORE_PEER_DELIVERYCLIENT_RECONNECTBACKOFFTHRESHOLD: '500ms',
    CORE_OPERATIONS_LISTENADDRESS: `127.0.0.1:${node.operationsPort}`,
    CORE_METRICS_PROVIDER: 'disabled',
  });
}

function startNode(
  { folder, guard }: NetworkContext,
  program: Pick<ProcessOptions, 'name' | 'command' | 'args' | 'ready'>,
  env: Readonly<Record<string, string>>,
): Promise<ManagedProcess> {
  return startProcess({
    ...program,
    env: {
      // The peer runs the chaincode builder's shell scripts.
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOME: folder,
      TMPDIR: folder,
      FABRIC_CFG_PATH: folder,
      FABRIC_LOGGING_SPEC: 'warn',
      ...env,
    },
    cwd: folder,
    logFile: join(folder, 'logs', `${program.name}.log`),
    guard,
  });
}

interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
}

function tlsFiles(cryptoFolder: string): TlsFiles {
  const file = (name: string): string => join(cryptoFolder, 'tls', name);
  return { certificate: file('server.crt'), key: file('server.key'), authority: file('ca.crt') };
}
