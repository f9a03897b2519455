import { join } from 'node:path';
import { findFreePorts } from '../ports.ts';

/** The one channel of the network. */
export const CHANNEL: string = 'medseal';
export const ORDERER_MSP_ID: string = 'OrdererMSP';
export const ORDERER_DOMAIN: string = 'orderer.example.com';

interface Node {
  /** Full host name in the node's TLS certificate, which holds 127.0.0.1 too. */
  readonly hostName: string;
  /** `127.0.0.1:port` of its gRPC services. */
  readonly endpoint: string;
  readonly port: number;
  readonly operationsPort: number;
  /** Folder with its `msp` and `tls`. */
  readonly cryptoFolder: string;
}

export interface OrdererNode extends Node {
  readonly adminPort: number;
}

/** An organisation has one peer. */
export interface PeerNode extends Node {
  readonly mspId: string;
  readonly domain: string;
  readonly chaincodePort: number;
  readonly organisationFolder: string;
}

export interface Topology {
  readonly orderer: OrdererNode;
  readonly peers: readonly PeerNode[];
  /** The folder that cryptogen writes. */
  readonly cryptoFolder: string;
}

const ORGANISATIONS = 3;
const PORTS_PER_NODE = 3;

/** Lays out one orderer and three organisations with a peer each on free ports. */
export async function planTopology(folder: string): Promise<Topology> {
  const ports = await findFreePorts(PORTS_PER_NODE * (1 + ORGANISATIONS));
  const takePort = (node: number, use: number): number => {
    const port = ports[node * PORTS_PER_NODE + use];
    if (port === undefined) throw new RangeError('too few ports');
    return port;
  };
  const cryptoFolder = join(folder, 'crypto');
  const ordererHost = `orderer0.${ORDERER_DOMAIN}`;
  const orderer: OrdererNode = {
    hostName: ordererHost,
    ...listening(takePort(0, 0)),
    adminPort: takePort(0, 1),
    operationsPort: takePort(0, 2),
    cryptoFolder: join(cryptoFolder, 'ordererOrganizations', ORDERER_DOMAIN, 'orderers', ordererHost),
  };
  const peers = Array.from({ length: ORGANISATIONS }, (_, index): PeerNode => {
    const domain = `org${index + 1}.example.com`;
    const organisationFolder = join(cryptoFolder, 'peerOrganizations', domain);
    const hostName = `peer0.${domain}`;
    return {
      mspId: `Org${index + 1}MSP`,
      domain,
      hostName,
      ...listening(takePort(1 + index, 0)),
      chaincodePort: takePort(1 + index, 1),
      operationsPort: takePort(1 + index, 2),
      organisationFolder,
      cryptoFolder: join(organisationFolder, 'peers', hostName),
    };
  });
  return { orderer, peers, cryptoFolder };
}

function listening(port: number): { readonly port: number; readonly endpoint: string } {
  return { port, endpoint: `127.0.0.1:${port}` };
}
