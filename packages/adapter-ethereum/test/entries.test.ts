import type { Ledger, LedgerEntry } from '@medseal/core/adapter';
import { type Hex, judge, type StateValue, verifyCommand } from '@medseal/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { ethereumLedger } from '../src/ledger.ts';
import { type Chain, collect, failureOf, testOptions } from './driver.ts';
import { NOW } from './people.ts';
import { type Around, type PreparedLedger, prepareLedger } from './prepared-ledger.ts';

let prepared: PreparedLedger;
let chain: Chain;
let contract: Hex;
let ledger: Ledger;

beforeEach(async () => {
  prepared = await prepareLedger();
  ({ chain, contract, ledger } = prepared);
  return () => prepared[Symbol.asyncDispose]();
});

const request = (terms: number, validUntil?: number): Promise<Uint8Array> => prepared.request(terms, validUntil);
const readAll = (options?: Parameters<Ledger['entries']>[0]): Promise<readonly LedgerEntry[]> =>
  prepared.readAll(options);
const idOfWire = (wire: Uint8Array): Hex => prepared.idOfWire(wire);

describe('entries', () => {
  test('resume behind a cursor', async () => {
    for (const terms of [1, 2, 3]) await (await ledger.submit(await request(terms))).committed();
    const all = await readAll();
    expect(all).toHaveLength(5);
    for (const [index, { cursor }] of all.entries())
      expect(await readAll({ after: cursor })).toEqual(all.slice(index + 1));
    expect(all.map(({ time }) => time)).toEqual(all.map(() => NOW));
  });

  test('small pages give the same', async () => {
    for (const terms of [1, 2, 3]) await (await ledger.submit(await request(terms))).committed();
    await using paged = await ethereumLedger({ ...testOptions(chain, contract), pageBlocks: 1 });
    expect(await collect(paged.entries())).toEqual(await readAll());
    expect(await paged.head()).toEqual(await ledger.head());
  });

  test('a node that limits its pages is asked for smaller ones', async () => {
    for (const terms of [1, 2, 3]) await (await ledger.submit(await request(terms))).committed();
    let refused = 0;
    const around: Around = async (method, params, call) => {
      const [filter] = params as readonly [{ fromBlock: Hex; toBlock: Hex }];
      if (
        method === 'eth_getLogs' &&
        (filter.toBlock as string) !== 'latest' &&
        Number(filter.toBlock) - Number(filter.fromBlock) > 1
      ) {
        refused++;
        throw Object.assign(new Error('query exceeds max block range'), { code: -32_005 });
      }
      if (method === 'eth_getLogs' && (filter.toBlock as string) === 'latest')
        throw Object.assign(new Error('query exceeds max block range'), { code: -32_005 });
      return call();
    };
    await using limited = await prepared.through(around);
    const all = await collect(limited.entries());
    expect(all).toEqual(await readAll());
    expect(refused).toBeGreaterThan(0);
    const last = all.at(-1);
    expect(await limited.submission(idOfWire(last?.wire ?? Uint8Array.of())).committed()).toMatchObject({
      cursor: last?.cursor,
    });
  });

  test('follow waits for what comes, until it is aborted', async () => {
    const controller = new AbortController();
    const seen: LedgerEntry[] = [];
    const reading = (async () => {
      for await (const entry of ledger.entries({ follow: true, signal: controller.signal })) {
        seen.push(entry);
        if (seen.length === 4) controller.abort(new Error('enough'));
      }
    })();
    const ended = failureOf(reading);
    await (await ledger.submit(await request(1))).committed();
    await (await ledger.submit(await request(2))).committed();
    expect(await ended).toMatchObject({ message: 'enough' });
    expect(seen).toHaveLength(4);
  });

  test('a cursor of another ledger is refused', async () => {
    await expect(readAll({ after: '17' })).rejects.toThrow(TypeError);
  });

  test('an honest reader judges each entry as the contract did', async () => {
    await (await ledger.submit(await request(1))).committed();
    const state = new Map<string, StateValue>();
    for (const { wire, time, violation } of await readAll()) {
      const verified = verifyCommand(wire, ledger.genesis);
      if ('outcome' in verified) throw new Error(verified.code);
      const verdict = judge(verified, time, (key) => state.get(key.path));
      expect(verdict.outcome).toBe(violation === undefined ? 'applied' : 'violation');
      if (verdict.outcome === 'applied') for (const { key, value } of verdict.writes) state.set(key.path, value);
    }
    expect(state.size).toBe(4);
  });
});
