import { GatewayError } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';
import { LedgerUnavailableError, WrongLedgerError } from '@medseal/core/adapter';
import type { FabricChannel } from './fabric-channel.ts';
import { streamBlocks } from './stream-blocks.ts';

/**
 * Tells a channel or chaincode that does not exist from one that cannot be reached: a gateway says "unavailable" of
 * both. The peer's own services know better.
 *
 * @throws WrongLedgerError when the peer knows no such channel, or the channel no such chaincode.
 */
export async function checkExistence(channel: FabricChannel, stallMs: number): Promise<void> {
  const args = new peer.lifecycle.QueryChaincodeDefinitionArgs();
  args.setName(channel.chaincode);
  const call = { arguments: [args.serializeBinary()] };
  try {
    await streamBlocks(channel.pool, { from: 0, until: 1, signal: new AbortController().signal, stallMs }).next();
    await channel.pool.use(({ network }) =>
      network.getContract('_lifecycle').evaluate('QueryChaincodeDefinition', call),
    );
  } catch (error) {
    const cause = error instanceof LedgerUnavailableError ? error.cause : error;
    if (isAbsence(cause)) throw new WrongLedgerError('There is no such channel or chaincode', { cause });
  }
}

// Of a stream of blocks the client says "Unexpected status response: 404"; an endorser says "chaincode response 404".
function isAbsence(error: unknown): boolean {
  const messages = error instanceof GatewayError ? error.details.map(({ message }) => message) : [String(error)];
  return messages.some((message) => /\bresponse:? 404\b/.test(message));
}
