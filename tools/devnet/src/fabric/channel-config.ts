import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FabricPrograms } from './build.ts';
import { runProgram } from './run-program.ts';
import { CHANNEL, ORDERER_MSP_ID } from './topology.ts';
import type { OrdererNode, PeerNode, Topology } from './topology.ts';

interface Policy {
  readonly Type: 'Signature' | 'ImplicitMeta';
  readonly Rule: string;
}

const signature = (rule: string): Policy => ({ Type: 'Signature', Rule: rule });
const implicitMeta = (rule: string): Policy => ({ Type: 'ImplicitMeta', Rule: rule });

const GROUP_POLICIES: Readonly<Record<string, Policy>> = {
  Readers: implicitMeta('ANY Readers'),
  Writers: implicitMeta('ANY Writers'),
  Admins: implicitMeta('MAJORITY Admins'),
};

/** Writes the channel's configuration, lets configtxgen make the first block from it, and returns the block. */
export async function createGenesisBlock(
  programs: FabricPrograms,
  topology: Topology,
  folder: string,
  options: { readonly batchTimeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<Uint8Array> {
  const profile = 'Network';
  const config = { Profiles: { [profile]: channelProfile(topology, options.batchTimeoutMs) } };
  await writeFile(join(folder, 'configtx.yaml'), JSON.stringify(config));
  const block = join(folder, 'genesis.block');
  await runProgram(
    programs.configtxgen,
    ['-profile', profile, '-channelID', CHANNEL, '-outputBlock', block, '-configPath', folder],
    { env: { FABRIC_CFG_PATH: folder }, signal: options.signal },
  );
  return readFile(block);
}

function channelProfile({ orderer, peers, cryptoFolder }: Topology, batchTimeoutMs: number): unknown {
  return {
    Policies: GROUP_POLICIES,
    Capabilities: { V2_0: true },
    Orderer: {
      OrdererType: 'etcdraft',
      BatchTimeout: `${batchTimeoutMs}ms`,
      BatchSize: { MaxMessageCount: 100, AbsoluteMaxBytes: '10 MB', PreferredMaxBytes: '2 MB' },
      Organizations: [ordererOrganisation(orderer, cryptoFolder)],
      Capabilities: { V2_0: true },
      Policies: { ...GROUP_POLICIES, BlockValidation: implicitMeta('ANY Writers') },
      EtcdRaft: raftOptions(orderer),
    },
    Application: {
      Organizations: peers.map(peerOrganisation),
      Capabilities: { V2_5: true },
      Policies: {
        ...GROUP_POLICIES,
        LifecycleEndorsement: implicitMeta('MAJORITY Endorsement'),
        Endorsement: implicitMeta('MAJORITY Endorsement'),
      },
    },
  };
}

function raftOptions({ port, cryptoFolder }: OrdererNode): unknown {
  const certificate = join(cryptoFolder, 'tls', 'server.crt');
  return {
    Consenters: [{ Host: '127.0.0.1', Port: port, ClientTLSCert: certificate, ServerTLSCert: certificate }],
    Options: {
      // Ten ticks without a leader start an election: 1 s instead of the default 5 s.
      TickInterval: '100ms',
      ElectionTick: 10,
      HeartbeatTick: 1,
      MaxInflightBlocks: 5,
      SnapshotIntervalSize: '16 MB',
    },
  };
}

function ordererOrganisation(orderer: OrdererNode, cryptoFolder: string): unknown {
  return {
    Name: 'OrdererOrg',
    ID: ORDERER_MSP_ID,
    MSPDir: join(cryptoFolder, 'ordererOrganizations', orderer.hostName.replace(/^[^.]+\./, ''), 'msp'),
    OrdererEndpoints: [orderer.endpoint],
    Policies: memberPolicies(ORDERER_MSP_ID),
  };
}

function peerOrganisation(peer: PeerNode): unknown {
  return {
    Name: peer.mspId,
    ID: peer.mspId,
    MSPDir: join(peer.organisationFolder, 'msp'),
    AnchorPeers: [{ Host: '127.0.0.1', Port: peer.port }],
    Policies: { ...memberPolicies(peer.mspId), Endorsement: signature(`OR('${peer.mspId}.peer')`) },
  };
}

function memberPolicies(mspId: string): Readonly<Record<string, Policy>> {
  return {
    Readers: signature(`OR('${mspId}.member')`),
    Writers: signature(`OR('${mspId}.member')`),
    Admins: signature(`OR('${mspId}.admin')`),
  };
}
