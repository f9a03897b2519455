import { playConfiguration } from '@medseal/conformance';
import { type NetworkConfig, openNetwork } from '@medseal/core';
import { memorySigner } from '@medseal/protocol';
import { beforeAll, expect, test } from 'vitest';
import { type Chain, startChain } from './driver.ts';
import { NOW } from './people.ts';

const official = memorySigner(new Uint8Array(32).fill(9));
const memory = { use: 'memory' };
const rest: Omit<NetworkConfig, 'ledger'> = {
  store: memory,
  directory: memory,
  keys: memory,
  proxies: [1, 2, 3].map((number) => ({ subject: `proxy ${number}`, state: memory })),
};
const adapters = { ethereum: () => import('../src/index.ts') };
const ledger = { use: 'ethereum', contract: `0x${'12'.repeat(20)}`, rpcUrl: 'http://127.0.0.1:8545' };

let chain: Chain;

beforeAll(async () => {
  chain = await startChain();
  await chain.setTime(NOW);
  return () => chain[Symbol.asyncDispose]();
});

test('a network on a contract opens from a configuration, and the same program runs on it', async () => {
  const contract = await chain.deploy({ threshold: 1, keys: [official.address] });
  const section = {
    use: 'ethereum',
    contract,
    rpcUrlSecret: { env: 'NODE' },
    privateKey: { env: 'RELAYER' },
    chainId: 31_337,
    confirmations: 1,
    pollInterval: 10,
  };
  const values: Readonly<Record<string, string>> = { NODE: chain.anvil.url, RELAYER: chain.relayerKey };
  const secrets = async (reference: object): Promise<string> =>
    ('env' in reference && values[String(reference.env)]) || 'none';
  const play = playConfiguration(
    { ...rest, ledger: section },
    { adapters, secrets, clock: () => NOW, officials: [official] },
  );
  await expect(play).resolves.toBeUndefined();
});

test('every default of the ledger is shown', async () => {
  const contract = await chain.deploy({ threshold: 1, keys: [official.address] });
  await using network = await openNetwork(
    { ...rest, ledger: { ...ledger, contract, rpcUrl: chain.anvil.url } },
    { adapters },
  );
  expect(network.config.ledger).toEqual({
    use: 'ethereum',
    contract,
    rpcUrl: chain.anvil.url,
    finality: 'finalized',
    timeout: 30_000,
    blockTime: 12,
    pollInterval: 1_000,
    pageBlocks: 2_000,
  });
});

test.each([
  [{ contract: '0x12' }, 'ledger.contract'],
  [{ rpcUrl: 'http://user:password@127.0.0.1:8545' }, 'ledger.rpcUrl'],
  [{ rpcUrl: 'ftp://127.0.0.1' }, 'ledger.rpcUrl'],
  [{ rpcUrl: undefined }, 'ledger.rpcUrl'],
  [{ rpcUrlSecret: { env: 'NODE' } }, 'ledger.rpcUrl'],
  [{ privateKey: `0x${'11'.repeat(32)}` }, 'ledger.privateKey'],
  [{ finality: 'final' }, 'ledger.finality'],
  [{ confirmations: 0 }, 'ledger.confirmations'],
  [{ pollinterval: 5 }, 'ledger.pollinterval'],
])('a wrong field is told: %j', async (wrong, path) => {
  const opening = openNetwork({ ...rest, ledger: { ...ledger, ...wrong } }, { adapters, secrets: async () => 'x' });
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: 'INVALID_CONFIG', issues: [{ path }] });
  expect(String(error)).not.toMatch(/password@|1111/);
});
