import { createPrivateKey } from 'node:crypto';
import { credentials } from '@grpc/grpc-js';
import type { CallOptions } from '@grpc/grpc-js';
import { connect, signers } from '@hyperledger/fabric-gateway';
import type { Contract, Gateway } from '@hyperledger/fabric-gateway';
import { discovery, gateway as gatewayMessages, peer as peerMessages } from '@hyperledger/fabric-protos';
import { DevnetError } from '../devnet-error.ts';
import { countEndorsers } from './discovery.ts';
import type { SigningIdentity } from './discovery.ts';
import type { FabricIdentity, FabricPeer } from './fabric-network.ts';
import { callUnary } from './grpc-call.ts';

/** What an administrator of one organisation does with that organisation's peer. */
export interface PeerClient {
  readonly mspId: string;
  /** Runs a function of a system chaincode on this peer alone; `channel` is '' for calls outside any channel. */
  invoke(channel: string, chaincode: string, fn: string, args: readonly Uint8Array[]): Promise<Uint8Array>;
  /** A contract through this peer's gateway. */
  contract(channel: string, chaincode: string): Contract;
  /** How many peers this peer would have the chaincode's transactions endorsed by. */
  countEndorsers(channel: string, chaincode: string): Promise<number>;
  close(): void;
}

const EVALUATE_DEADLINE_MS = 10_000;
const SUBMIT_DEADLINE_MS = 15_000;
const COMMIT_DEADLINE_MS = 30_000;

export function connectPeer(peer: FabricPeer, admin: FabricIdentity): PeerClient {
  const tls = credentials.createSsl(Buffer.from(peer.tlsCaCert));
  const naming = { 'grpc.ssl_target_name_override': peer.hostAlias };
  const endorser = new peerMessages.EndorserClient(peer.endpoint, tls, naming);
  const discoverer = new discovery.DiscoveryClient(peer.endpoint, tls, naming);
  const who: SigningIdentity = {
    identity: { mspId: admin.mspId, credentials: Buffer.from(admin.certificate) },
    signer: signers.newPrivateKeySigner(createPrivateKey(admin.privateKey)),
  };
  const gateway = connectGateway(endorser, who);
  const contract = (channel: string, chaincode: string): Contract => gateway.getNetwork(channel).getContract(chaincode);

  return {
    mspId: peer.mspId,
    contract,
    async invoke(channel, chaincode, fn, args) {
      // The gateway client builds and signs the proposal; the gateway service itself has no calls to one peer alone.
      const unsigned = contract(channel, chaincode).newProposal(fn, { arguments: [...args] });
      const signed = gateway.newSignedProposal(unsigned.getBytes(), await who.signer(unsigned.getDigest()));
      const proposal = gatewayMessages.ProposedTransaction.deserializeBinary(signed.getBytes()).getProposal();
      if (proposal === undefined) throw new TypeError('the proposal is empty');
      const answer = await callUnary<peerMessages.ProposalResponse>((options, done) =>
        endorser.processProposal(proposal, options, done),
      );
      const response = answer.getResponse();
      if (response === undefined || response.getStatus() >= 400) {
        throw new DevnetError('refused', `${peer.mspId} refused ${chaincode}.${fn}: ${response?.getMessage()}`);
      }
      return response.getPayload_asU8();
    },
    countEndorsers: (channel, chaincode) => countEndorsers(discoverer, who, channel, chaincode),
    close() {
      gateway.close();
      endorser.close();
      discoverer.close();
    },
  };
}

function connectGateway(client: peerMessages.EndorserClient, who: SigningIdentity): Gateway {
  const within = (milliseconds: number) => (): CallOptions => ({ deadline: Date.now() + milliseconds });
  return connect({
    client,
    ...who,
    evaluateOptions: within(EVALUATE_DEADLINE_MS),
    endorseOptions: within(SUBMIT_DEADLINE_MS),
    submitOptions: within(SUBMIT_DEADLINE_MS),
    commitStatusOptions: within(COMMIT_DEADLINE_MS),
  });
}
