import type { ManagedProcess } from '../managed-process.ts';
import { joinOrderer, joinPeer } from './channel.ts';
import { deployChaincode, restartChaincode } from './deployment.ts';
import type { Deployment } from './deployment.ts';
import type {
  ChaincodeOptions,
  FabricConnection,
  FabricEndpoint,
  FabricNetwork,
  FabricOrganisation,
  FabricPeer,
} from './fabric-network.ts';
import { waitForLeader } from './health.ts';
import { waitForEndorsers } from './lifecycle.ts';
import { startOrderer, startPeer } from './nodes.ts';
import type { NetworkContext } from './nodes.ts';
import { connectPeer } from './peer-client.ts';
import type { PeerClient } from './peer-client.ts';
import type { Topology } from './topology.ts';

interface PeerState {
  process: ManagedProcess;
  client: PeerClient;
}

/** The processes of a network, and the clients through which this process administers it. */
export class RunningNetwork implements FabricNetwork {
  readonly channel: string;
  readonly peers: readonly FabricPeer[];
  readonly orderer: FabricEndpoint;
  readonly organisations: readonly FabricOrganisation[];
  readonly genesisBlock: Uint8Array;
  readonly folder: string;
  readonly #context: NetworkContext;
  readonly #topology: Topology;
  readonly #peers: PeerState[] = [];
  readonly #deployments = new Map<string, Deployment>();
  #orderer: ManagedProcess | undefined;
  #stopping: Promise<void> | undefined;

  constructor(context: NetworkContext, topology: Topology, connection: FabricConnection, genesisBlock: Uint8Array) {
    this.channel = connection.channel;
    this.peers = connection.peers;
    this.orderer = connection.orderer;
    this.organisations = connection.organisations;
    this.genesisBlock = genesisBlock;
    this.folder = context.folder;
    this.#context = context;
    this.#topology = topology;
  }

  /** Starts the nodes and forms the channel. */
  async start(signal?: AbortSignal): Promise<void> {
    const { orderer, peers } = this.#topology;
    const [ordererProcess, ...peerProcesses] = await Promise.all([
      startOrderer(this.#context, orderer, signal),
      ...peers.map((node) => startPeer(this.#context, node, signal)),
    ]);
    this.#orderer = ordererProcess;
    for (const [index, process] of peerProcesses.entries()) {
      this.#peers.push({ process, client: this.#connect(index) });
    }
    await joinOrderer(orderer, this.genesisBlock);
    await Promise.all(this.#peers.map(({ client }) => joinPeer(client, this.genesisBlock)));
    await waitForLeader(ordererProcess, orderer, signal);
  }

  chaincodes(): readonly string[] {
    return [...this.#deployments.keys()];
  }

  processes(): readonly ManagedProcess[] {
    const all = [
      ...(this.#orderer === undefined ? [] : [this.#orderer]),
      ...this.#peers.map(({ process }) => process),
      ...[...this.#deployments.values()].map(({ process }) => process),
    ];
    return all.filter((process) => process.isRunning());
  }

  async deploy(chaincode: ChaincodeOptions, signal?: AbortSignal): Promise<void> {
    const former = this.#deployments.get(chaincode.name);
    const clients = this.#peers.map(({ client }) => client);
    const sequence = (former?.sequence ?? 0) + 1;
    const deployment = await deployChaincode(this.#context, clients, chaincode, sequence, signal);
    this.#deployments.set(chaincode.name, deployment);
    await former?.process.stop();
  }

  async killPeer(index: number): Promise<void> {
    await this.#peer(index).process.stop('SIGKILL');
  }

  async startPeer(index: number): Promise<void> {
    const peer = this.#peer(index);
    const node = this.#topology.peers[index];
    if (node === undefined || peer.process.isRunning()) return;
    peer.process = await startPeer(this.#context, node);
    // A connection that has failed for long waits long before it tries again.
    peer.client.close();
    peer.client = this.#connect(index);
    const running = this.#peers.filter(({ process }) => process.isRunning()).map(({ client }) => client);
    const waits = [...this.#deployments.values()].map(({ options: { name }, sequence }) =>
      waitForEndorsers(running, { name, sequence }),
    );
    await Promise.all(waits);
  }

  async killOrderer(): Promise<void> {
    await this.#orderer?.stop('SIGKILL');
  }

  async startOrderer(): Promise<void> {
    if (this.#orderer?.isRunning() === true) return;
    const { orderer } = this.#topology;
    this.#orderer = await startOrderer(this.#context, orderer);
    await waitForLeader(this.#orderer, orderer);
  }

  async killChaincode(name: string): Promise<void> {
    await this.#deployment(name).process.stop('SIGKILL');
  }

  async startChaincode(name: string): Promise<void> {
    const deployment = this.#deployment(name);
    if (deployment.process.isRunning()) return;
    this.#deployments.set(name, await restartChaincode(this.#context, deployment));
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    for (const { client } of this.#peers) client.close();
    await Promise.all(this.processes().map((process) => process.stop()));
    await this.#context.guard.close();
  }

  #connect(index: number): PeerClient {
    const peer = this.peers[index];
    const organisation = this.organisations[index];
    if (peer === undefined || organisation === undefined) throw new RangeError(`there is no peer ${index}`);
    return connectPeer(peer, organisation.admin);
  }

  #peer(index: number): PeerState {
    const peer = this.#peers[index];
    if (peer === undefined) throw new RangeError(`there is no peer ${index}`);
    return peer;
  }

  #deployment(name: string): Deployment {
    const deployment = this.#deployments.get(name);
    if (deployment === undefined) throw new RangeError(`there is no chaincode ${name}`);
    return deployment;
  }
}
