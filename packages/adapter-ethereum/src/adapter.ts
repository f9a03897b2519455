import { type Adapter, fields, offer } from '@medseal/core/adapter';
import { ethereumLedger } from './ledger.ts';

const { choice, count, optional, pattern, secret, withDefault } = fields;

/** What a configuration calls `ethereum`. */
export const adapter: Adapter = {
  ledger: offer(
    'A ledger kept by a contract on Ethereum, or on a chain like it.',
    {
      contract: pattern('Address of the contract.', /^0x[0-9a-fA-F]{40}$/, '0x and 40 hex digits'),
      rpcUrl: optional(
        pattern(
          'Address of the node.',
          /^https?:\/\/[^\s/?#@]+([/?#]\S*)?$/,
          'http or https address without a password',
        ),
      ),
      rpcUrlSecret: optional(secret('In place of `rpcUrl`, where the address holds a password or a token.')),
      privateKey: optional(
        secret('Key that signs and pays for transactions, hex; without one the ledger is read only.'),
      ),
      chainId: optional(count('Chain that the node must be on; not checked when absent.', 1)),
      finality: withDefault(choice('When an entry counts as final.', ['finalized', 'safe']), 'finalized'),
      confirmations: optional(
        count(
          'In place of `finality`: so many blocks, its own included. 1 suits chains without reorganisations only.',
          1,
        ),
      ),
      timeout: withDefault(count('Milliseconds that one call may take.', 1), 30_000),
      blockTime: withDefault(count('Seconds from block to block.', 1), 12),
      pollInterval: withDefault(count('Milliseconds from one look at the chain to the next while waiting.', 1), 1_000),
      pageBlocks: withDefault(count('Blocks that one request for logs covers at most.', 1), 2_000),
    },
    async ({ rpcUrl, rpcUrlSecret, privateKey, chainId, confirmations, finality, ...options }, context) => {
      const url = rpcUrl ?? (rpcUrlSecret && (await context.secret(rpcUrlSecret)));
      if (url === undefined) throw new TypeError('A checked configuration has the address of a node');
      return ethereumLedger({
        ...options,
        rpcUrl: url,
        finality: confirmations === undefined ? finality : { confirmations },
        signal: context.signal,
        ...(chainId === undefined ? {} : { chainId }),
        ...(privateKey === undefined ? {} : { privateKey: await context.secret(privateKey) }),
      });
    },
    ({ rpcUrl, rpcUrlSecret }) =>
      (rpcUrl === undefined) === (rpcUrlSecret === undefined)
        ? [{ path: 'rpcUrl', found: rpcUrl === undefined ? 'nothing' : 'two', allowed: 'either this or rpcUrlSecret' }]
        : [],
  ),
};
