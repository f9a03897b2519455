import { createPrivateKey } from 'node:crypto';
import { Client, credentials } from '@grpc/grpc-js';
import type { CallOptions } from '@grpc/grpc-js';
import { connect, signers } from '@hyperledger/fabric-gateway';
import type { Contract } from '@hyperledger/fabric-gateway';
import type { FabricNetwork } from '../src/index.ts';

/** A contract as the user of one organisation sees it, through that organisation's peer. */
export interface ContractConnection extends Disposable {
  submit(fn: string, ...args: readonly string[]): Promise<void>;
  evaluate(fn: string, ...args: readonly string[]): Promise<string>;
}

export function connectContract(network: FabricNetwork, organisation: number, chaincode: string): ContractConnection {
  const peer = network.peers[organisation];
  const user = network.organisations[organisation]?.user;
  if (peer === undefined || user === undefined) throw new RangeError(`there is no organisation ${organisation}`);
  const client = new Client(peer.endpoint, credentials.createSsl(Buffer.from(peer.tlsCaCert)), {
    'grpc.ssl_target_name_override': peer.hostAlias,
  });
  const within10s = (): CallOptions => ({ deadline: Date.now() + 10_000 });
  const gateway = connect({
    client,
    identity: { mspId: user.mspId, credentials: Buffer.from(user.certificate) },
    signer: signers.newPrivateKeySigner(createPrivateKey(user.privateKey)),
    evaluateOptions: within10s,
    endorseOptions: within10s,
    submitOptions: within10s,
    commitStatusOptions: within10s,
  });
  const contract: Contract = gateway.getNetwork(network.channel).getContract(chaincode);
  return {
    submit: async (fn, ...args) => void (await contract.submitTransaction(fn, ...args)),
    evaluate: async (fn, ...args) => Buffer.from(await contract.evaluateTransaction(fn, ...args)).toString(),
    [Symbol.dispose]() {
      gateway.close();
      client.close();
    },
  };
}
