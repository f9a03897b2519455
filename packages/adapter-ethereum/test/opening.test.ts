import type { Ledger } from '@medseal/core/adapter';
import type { Domain, Hex } from '@medseal/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { deployLedger } from '../src/deploy.ts';
import { ethereumLedger } from '../src/ledger.ts';
import { type Chain, sendRaw, testOptions } from './driver.ts';
import { authorityOf, stranger, word } from './people.ts';
import { type Around, type PreparedLedger, prepareLedger } from './prepared-ledger.ts';

let prepared: PreparedLedger;
let chain: Chain;
let contract: Hex;
let ledger: Ledger;
let domain: Domain;

beforeEach(async () => {
  prepared = await prepareLedger();
  ({ chain, contract, ledger, domain } = prepared);
  return () => prepared[Symbol.asyncDispose]();
});

const request = (terms: number, validUntil?: number): Promise<Uint8Array> => prepared.request(terms, validUntil);

describe('opening', () => {
  test('the domain is computed from the chain', () => {
    expect(ledger.genesis).toEqual({ protocolVersion: 1, domain: expect.any(String), authority: authorityOf(1) });
    expect(ledger.supports.finalityDelay).toBe(0);
  });

  test('deployLedger makes a ledger with a domain of its own', async () => {
    const { rpcUrl, privateKey = '' } = testOptions(chain, contract);
    const options = { rpcUrl, privateKey, authority: authorityOf(2, 3), pollInterval: 5 };
    const address = await deployLedger(options);
    await using other = await ethereumLedger(testOptions(chain, address));
    expect(other.genesis.authority).toEqual(authorityOf(2, 3));
    expect(other.genesis.domain).not.toBe(domain);
    await expect(deployLedger({ ...options, authority: { threshold: 4, keys: [] } })).rejects.toThrow(RangeError);
    await expect(deployLedger({ rpcUrl, authority: authorityOf(1) })).rejects.toThrow(TypeError);
  });

  test('refuses another chain', async () => {
    const opened = ethereumLedger({ ...testOptions(chain, contract), chainId: 1 });
    await expect(opened).rejects.toMatchObject({ name: 'WrongLedgerError' });
    await using right = await ethereumLedger({ ...testOptions(chain, contract), chainId: 31_337n });
    expect(right.genesis.domain).toBe(domain);
  });

  test('refuses an address without a ledger, and what is no address', async () => {
    const empty = ethereumLedger(testOptions(chain, stranger.address));
    await expect(empty).rejects.toMatchObject({ name: 'WrongLedgerError' });
    await expect(ethereumLedger(testOptions(chain, '0x12'))).rejects.toThrow(TypeError);
    const shallow = ethereumLedger({ ...testOptions(chain, contract), finality: { confirmations: 0 } });
    await expect(shallow).rejects.toThrow(RangeError);
  });

  test.each([
    ['another version', (data: string): string => data.replace('0000000000000001', '0000000000000002')],
    ['another domain', (data: string): string => `${data.slice(0, 130)}${'ab'.repeat(32)}${data.slice(194)}`],
    ['another parent', (data: string): string => data.replace(domain.slice(2), 'cd'.repeat(32))],
  ])('refuses a contract that states %s', async (_, alter) => {
    const around: Around = async (method, _params, call) => {
      const answer = await call();
      return method === 'eth_call' ? alter(String(answer)) : answer;
    };
    await expect(prepared.through(around)).rejects.toMatchObject({ name: 'WrongLedgerError' });
  });

  test('refuses a contract whose parent block is not on this chain', async () => {
    const around: Around = async (method, _params, call) => {
      const answer = await call();
      return method === 'eth_getBlockByNumber' ? { ...(answer as object), hash: word(1) } : answer;
    };
    await expect(prepared.through(around)).rejects.toMatchObject({ name: 'WrongLedgerError' });
  });

  test('after a split of the chain the contract stands still', async () => {
    await chain.rpc('anvil_setChainId', [4_242]);
    try {
      await expect(sendRaw(chain, contract, await request(1))).rejects.toMatchObject({
        name: 'RpcError',
        data: '0x10dfc033',
      });
      await expect(ledger.submit(await request(1))).rejects.toMatchObject({ name: 'WrongLedgerError' });
    } finally {
      await chain.rpc('anvil_setChainId', [31_337]);
    }
  });
});
