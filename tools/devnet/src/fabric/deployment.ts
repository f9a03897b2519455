import type { ManagedProcess } from '../managed-process.ts';
import { findFreePort } from '../ports.ts';
import { packChaincode } from './chaincode-package.ts';
import { startChaincodeProcess } from './chaincode-process.ts';
import type { ChaincodeOptions } from './fabric-network.ts';
import { approveChaincode, commitChaincode, installChaincode, waitForEndorsers } from './lifecycle.ts';
import type { NetworkContext } from './nodes.ts';
import type { PeerClient } from './peer-client.ts';

/** A version of a chaincode with the process that runs it. */
export interface Deployment {
  readonly options: ChaincodeOptions;
  readonly sequence: number;
  readonly port: number;
  readonly packageId: string;
  readonly process: ManagedProcess;
}

/** Starts a chaincode's process and takes it through install, approve and commit. Each client is one organisation. */
export async function deployChaincode(
  context: NetworkContext,
  clients: readonly PeerClient[],
  options: ChaincodeOptions,
  sequence: number,
  signal?: AbortSignal,
): Promise<Deployment> {
  const [first] = clients;
  if (first === undefined) throw new RangeError('no organisation to deploy to');
  const port = await findFreePort();
  const label = `${options.name}-${sequence}`;
  const chaincode = packChaincode(label, `127.0.0.1:${port}`);
  const at = { port, packageId: chaincode.id, processName: label };
  const process = await startChaincodeProcess(context, options, at, signal);
  try {
    const definition = { name: options.name, sequence };
    const mspIds = clients.map((client) => client.mspId);
    await Promise.all(clients.map((client) => installChaincode(client, chaincode)));
    await Promise.all(clients.map((client) => approveChaincode(client, definition, chaincode.id, mspIds)));
    await commitChaincode(first, definition, mspIds, signal);
    await waitForEndorsers(clients, definition, signal);
  } catch (error) {
    await process.stop('SIGKILL');
    throw error;
  }
  return { options, sequence, port, packageId: chaincode.id, process };
}

/** Starts the process of a deployed version again, where the peers expect it. */
export async function restartChaincode(context: NetworkContext, deployment: Deployment): Promise<Deployment> {
  const { options, port, packageId } = deployment;
  const at = { port, packageId, processName: deployment.process.name };
  return { ...deployment, process: await startChaincodeProcess(context, options, at) };
}
