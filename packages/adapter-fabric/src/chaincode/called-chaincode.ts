import { RefusalError } from './refusal-error.ts';
import type { Stub } from './stub.ts';

// ChaincodeInvocationSpec.chaincode_spec, ChaincodeSpec.chaincode_id, ChaincodeID.name (fabric-protos, peer/chaincode.proto).
const namePath = [1, 2, 2] as const;

/** Name of the chaincode that the client called. Another than this one when that one calls us. */
export function calledChaincode(stub: Stub): string {
  // The stub holds the protobuf message itself, not the plain object that its type declares.
  const payload = stub.getSignedProposal().proposal.payload as unknown as { getInput_asU8(): Uint8Array };
  let bytes: Uint8Array | undefined = payload.getInput_asU8();
  for (const number of namePath) bytes = bytes === undefined ? undefined : readField(bytes, number);
  if (bytes === undefined) throw new RefusalError({ fault: 'BAD_CALL' });
  return new TextDecoder().decode(bytes);
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** Last length-delimited field with this number in a protobuf message of varints and length-delimited fields. */
function readField(message: Uint8Array, number: number): Uint8Array | undefined {
  let found: Uint8Array | undefined;
  let offset = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let scale = 1; offset < message.length; scale *= 128) {
      const byte = message[offset++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (offset < message.length) {
    const tag = readVarint();
    const type = tag & 7;
    const value = readVarint();
    if (type === VARINT) continue;
    if (type !== LENGTH_DELIMITED) return undefined;
    if (tag >> 3 === number) found = message.subarray(offset, offset + value);
    offset += value;
  }
  return found;
}
