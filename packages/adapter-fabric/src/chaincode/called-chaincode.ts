import { readBytes } from './protobuf.ts';
import { RefusalError } from './refusal-error.ts';
import type { Stub } from './stub.ts';

// fabric-protos, peer/chaincode.proto: ChaincodeInvocationSpec.chaincode_spec, ChaincodeSpec.chaincode_id, ChaincodeID.name.
const NAME = [1, 2, 2] as const;

/** Name of the chaincode that the client called. Another than this one when that one calls us. */
export function calledChaincode(stub: Stub): string {
  // The stub holds the protobuf message itself, not the plain object that its type declares.
  const payload = stub.getSignedProposal().proposal.payload as unknown as { getInput_asU8(): Uint8Array };
  const name = readBytes(payload.getInput_asU8(), ...NAME);
  if (name === undefined) throw new RefusalError({ fault: 'BAD_CALL' });
  return new TextDecoder().decode(name);
}
