import { LedgerUnavailableError } from '@medseal/core/adapter';
import { type Authority, checkAuthority, type Domain } from '@medseal/protocol';
import { parseGenesis } from './chaincode/stored-genesis.ts';
import { asLedgerCall, FabricChannel, type Scope, VALID, wholeChaincode } from './fabric-channel.ts';
import type { FabricConnectionOptions } from './options.ts';
import { blockHash } from './read-block.ts';

/**
 * Initialises a freshly deployed chaincode, once for ever. Gives the domain: hand it to everybody who opens the ledger.
 *
 * @throws RangeError when the authority is not well-formed.
 * @throws WrongLedgerError when the chaincode is initialised already.
 * @throws LedgerUnavailableError when the network does not answer; the domain of a ledger opened later then tells
 *   whether it was done.
 */
export function initialiseFabricLedger(options: FabricConnectionOptions, authority: Authority): Promise<Domain> {
  return initialiseLedger(options, authority, wholeChaincode);
}

/** {@link initialiseFabricLedger} with a scope. */
export async function initialiseLedger(
  options: FabricConnectionOptions,
  authority: Authority,
  scope: Scope,
): Promise<Domain> {
  checkAuthority(authority);
  const channel = new FabricChannel(options, scope);
  try {
    return await asLedgerCall(async () => {
      const hash = blockHash(await channel.block(0));
      const transaction = await channel.endorse('initialise', JSON.stringify(authority), hash);
      await channel.order(transaction);
      const { code } = await channel.commitStatus(transaction);
      if (code !== VALID) throw new LedgerUnavailableError(`Initialising was not committed (validation code ${code})`);
      return parseGenesis(new TextDecoder().decode(await channel.evaluate('genesis'))).domain;
    });
  } finally {
    channel.close();
  }
}
