import { DevnetError } from '../devnet-error.ts';
import type { PeerClient } from './peer-client.ts';
import type { OrdererNode } from './topology.ts';

/** Lets the orderer take part in the channel, through its admin endpoint. */
export async function joinOrderer(orderer: OrdererNode, genesisBlock: Uint8Array): Promise<void> {
  const form = new FormData();
  form.set('config-block', new Blob([Buffer.from(genesisBlock)]), 'genesis.block');
  const url = `http://127.0.0.1:${orderer.adminPort}/participation/v1/channels`;
  const response = await fetch(url, { method: 'POST', body: form });
  if (response.status !== 201) {
    throw new DevnetError('refused', `the orderer refused the channel: ${response.status} ${await response.text()}`);
  }
}

/** Lets a peer join the channel. */
export async function joinPeer(client: PeerClient, genesisBlock: Uint8Array): Promise<void> {
  await client.invoke('', 'cscc', 'JoinChain', [genesisBlock]);
}
