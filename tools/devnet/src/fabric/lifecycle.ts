import { peer } from '@hyperledger/fabric-protos';
import { DevnetError } from '../devnet-error.ts';
import { waitUntil } from '../wait-until.ts';
import type { ChaincodePackage } from './chaincode-package.ts';
import { outOfPolicy } from './endorsement-policy.ts';
import type { PeerClient } from './peer-client.ts';
import { CHANNEL } from './topology.ts';

const LIFECYCLE = '_lifecycle';
const ENDORSEMENTS = 2;

/** A chaincode as the organisations agree on it. The sequence counts its definitions from 1. */
export interface ChaincodeDefinition {
  readonly name: string;
  readonly sequence: number;
}

/** Installs a package on one peer. */
export async function installChaincode(client: PeerClient, chaincode: ChaincodePackage): Promise<void> {
  const args = new peer.lifecycle.InstallChaincodeArgs();
  args.setChaincodeInstallPackage(chaincode.bytes);
  const payload = await client.invoke('', LIFECYCLE, 'InstallChaincode', [args.serializeBinary()]);
  const id = peer.lifecycle.InstallChaincodeResult.deserializeBinary(payload).getPackageId();
  if (id !== chaincode.id) throw new DevnetError('refused', `package ${id} was installed, not ${chaincode.id}`);
}

/** Approves a definition for the client's organisation. */
export async function approveChaincode(
  client: PeerClient,
  definition: ChaincodeDefinition,
  packageId: string,
  mspIds: readonly string[],
): Promise<void> {
  const local = new peer.lifecycle.ChaincodeSource.Local();
  local.setPackageId(packageId);
  const source = new peer.lifecycle.ChaincodeSource();
  source.setLocalPackage(local);
  const args = new peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs();
  describe(args, definition, mspIds);
  args.setSource(source);
  await client.contract(CHANNEL, LIFECYCLE).submit('ApproveChaincodeDefinitionForMyOrg', {
    arguments: [args.serializeBinary()],
    endorsingOrganizations: [client.mspId],
  });
}

/**
 * Commits an approved definition to the channel. Repeated until gossip has carried the approvals: a peer endorses
 * only when it has seen enough of them, and the gateway must have met the other organisations.
 */
export async function commitChaincode(
  client: PeerClient,
  definition: ChaincodeDefinition,
  mspIds: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const args = new peer.lifecycle.CommitChaincodeDefinitionArgs();
  describe(args, definition, mspIds);
  const commit = async (): Promise<boolean> => {
    await client.contract(CHANNEL, LIFECYCLE).submit('CommitChaincodeDefinition', {
      arguments: [args.serializeBinary()],
      endorsingOrganizations: [...mspIds],
    });
    return true;
  };
  await waitUntil(`the chaincode ${definition.name} to be committed`, commit, { signal, intervalMs: 50 });
}

/** Waits until every peer's gateway can have the chaincode's transactions endorsed by every peer. */
export async function waitForEndorsers(
  clients: readonly PeerClient[],
  definition: ChaincodeDefinition,
  signal?: AbortSignal,
): Promise<void> {
  const { name, sequence } = definition;
  const waits = clients.map(async (client) => {
    const isReady = async (): Promise<boolean> =>
      (await readSequence(client, name)) >= sequence && (await client.countEndorsers(CHANNEL, name)) >= clients.length;
    await waitUntil(`${client.mspId} to find the endorsers of ${name}`, isReady, { signal });
  });
  await Promise.all(waits);
}

/** The sequence of a chaincode's definition on one peer. Throws when there is none. */
async function readSequence(client: PeerClient, name: string): Promise<number> {
  const args = new peer.lifecycle.QueryChaincodeDefinitionArgs();
  args.setName(name);
  const payload = await client.invoke(CHANNEL, LIFECYCLE, 'QueryChaincodeDefinition', [args.serializeBinary()]);
  return peer.lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(payload).getSequence();
}

function describe(
  args: peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs | peer.lifecycle.CommitChaincodeDefinitionArgs,
  { name, sequence }: ChaincodeDefinition,
  mspIds: readonly string[],
): void {
  args.setName(name);
  args.setVersion(String(sequence));
  args.setSequence(sequence);
  args.setValidationParameter(outOfPolicy(ENDORSEMENTS, mspIds));
}
