import { WrongLedgerError } from '@medseal/core/adapter';
import { type Domain, fabricDomain, PROTOCOL_VERSION } from '@medseal/protocol';
import { parseGenesis, type StoredGenesis } from './chaincode/stored-genesis.ts';
import type { FabricChannel } from './fabric-channel.ts';
import { blockHash } from './read-block.ts';

/**
 * Reads what the chaincode was initialised with, and recomputes the domain from the channel's first block.
 *
 * @throws WrongLedgerError when something does not fit.
 */
export async function readGenesis(channel: FabricChannel, expected: Domain | undefined): Promise<StoredGenesis> {
  const version = new TextDecoder().decode(await channel.evaluate('protocolVersion'));
  if (version !== String(PROTOCOL_VERSION))
    throw new WrongLedgerError(`The chaincode speaks protocol version ${version}, not ${PROTOCOL_VERSION}`);
  const genesis = parse(new TextDecoder().decode(await channel.evaluate('genesis')));
  const domain = fabricDomain({
    channel: channel.name,
    chaincode: channel.scope.name + channel.chaincode,
    genesisBlockHash: blockHash(await channel.block(0)),
    authority: genesis.authority,
  });
  if (genesis.domain !== domain)
    throw new WrongLedgerError('The chaincode was initialised for another channel, chaincode name or genesis block');
  if (expected !== undefined && expected !== domain)
    throw new WrongLedgerError('The chaincode has another domain than the one configured');
  return genesis;
}

function parse(json: string): StoredGenesis {
  try {
    return parseGenesis(json);
  } catch (cause) {
    throw new WrongLedgerError('The chaincode holds no genesis of this protocol version', { cause });
  }
}
