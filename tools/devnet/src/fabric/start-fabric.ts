import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGuard } from '../guard.ts';
import { buildFabric } from './build.ts';
import { createGenesisBlock } from './channel-config.ts';
import { generateCrypto, readIdentity, readTlsCaCertificate } from './crypto.ts';
import type {
  FabricConnection,
  FabricNetwork,
  FabricOptions,
  FabricOrganisation,
  FabricPeer,
} from './fabric-network.ts';
import { writeNodeConfig } from './node-config.ts';
import type { NetworkContext } from './nodes.ts';
import { RunningNetwork } from './running-network.ts';
import { CHANNEL, planTopology } from './topology.ts';
import type { PeerNode, Topology } from './topology.ts';

const DEFAULT_BATCH_TIMEOUT_MS = 20;

/**
 * Starts a Fabric network on 127.0.0.1 and deploys the chaincodes. Compiles Fabric first when that has not been done
 * on this machine. Several networks may run side by side. All processes end with this process.
 *
 * @throws {DevnetError} `program-missing`, `build-failed`, or what kept a process from starting, with its log's end.
 */
export async function startFabric(options: FabricOptions = {}): Promise<FabricNetwork> {
  const { onProgress, signal, chaincodes = [] } = options;
  const programs = await buildFabric({ onProgress, signal });
  onProgress?.('Fabric: starting 1 orderer and 3 peers');
  const folder = await mkdtemp(join(tmpdir(), 'medseal-fabric-'));
  const context: NetworkContext = { folder, programs, guard: startGuard(folder) };
  let network: RunningNetwork | undefined;
  try {
    network = await createNetwork(context, options);
    await network.start(signal);
    for (const chaincode of chaincodes) {
      onProgress?.(`Fabric: deploying the chaincode ${chaincode.name}`);
      await network.deploy(chaincode, signal);
    }
    onProgress?.('Fabric: ready');
    return network;
  } catch (error) {
    // Whatever has been started is stopped or, if the network does not know it yet, killed.
    await (network?.stop() ?? context.guard.close());
    throw error;
  }
}

/** Writes everything that the nodes read at their start. */
async function createNetwork(context: NetworkContext, options: FabricOptions): Promise<RunningNetwork> {
  const { folder, programs } = context;
  const { signal, batchTimeoutMs = DEFAULT_BATCH_TIMEOUT_MS } = options;
  const topology = await planTopology(folder);
  await mkdir(join(folder, 'logs'));
  await writeNodeConfig(programs, folder);
  await generateCrypto(programs, topology, folder, signal);
  const genesisBlock = await createGenesisBlock(programs, topology, folder, { batchTimeoutMs, signal });
  return new RunningNetwork(context, topology, await describeConnection(topology), genesisBlock);
}

async function describeConnection({ orderer, peers }: Topology): Promise<FabricConnection> {
  return {
    channel: CHANNEL,
    peers: await Promise.all(peers.map(describePeer)),
    orderer: {
      endpoint: orderer.endpoint,
      tlsCaCert: await readTlsCaCertificate(orderer),
      hostAlias: orderer.hostName,
    },
    organisations: await Promise.all(peers.map(describeOrganisation)),
  };
}

async function describePeer(node: PeerNode): Promise<FabricPeer> {
  const { mspId, endpoint, hostName } = node;
  return { mspId, endpoint, tlsCaCert: await readTlsCaCertificate(node), hostAlias: hostName };
}

async function describeOrganisation(node: PeerNode): Promise<FabricOrganisation> {
  const [admin, user] = await Promise.all([readIdentity(node, 'Admin'), readIdentity(node, 'User1')]);
  return { mspId: node.mspId, admin, user };
}
