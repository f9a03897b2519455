import type { Ledger, LedgerEntry } from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { ethereumLedger } from '../src/ledger.ts';
import { type Chain, collect, testOptions } from './driver.ts';
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

describe('outages and aborts', () => {
  test('a node that is down is an outage with its cause', async () => {
    const down = { ...testOptions(chain, contract), rpcUrl: 'http://user:secret@127.0.0.1:9' };
    const failure: unknown = await ethereumLedger(down).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'LedgerUnavailableError', code: 'LEDGER_UNAVAILABLE', retryable: true });
    expect((failure as Error).cause).toBeInstanceOf(Error);
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('secret');
  });

  test('an outage in between is survived by the same call later', async () => {
    let down = false;
    const around: Around = (method, _params, call) =>
      down && method === 'eth_sendRawTransaction' ? Promise.reject(new TypeError('fetch failed')) : call();
    await using shaky = await prepared.through(around);
    const wire = await request(1);
    down = true;
    await expect(shaky.submit(wire)).rejects.toMatchObject({
      name: 'LedgerUnavailableError',
      cause: { message: 'fetch failed' },
    });
    down = false;
    expect(await (await shaky.submit(wire)).committed()).toMatchObject({ id: idOfWire(wire) });
    expect(await readAll()).toHaveLength(3);
  });

  test('after a refusal by the node the next attempt is a new transaction', async () => {
    let refused: unknown;
    const around: Around = async (method, params, call) => {
      if (method === 'eth_sendRawTransaction' && refused === undefined) {
        [refused] = params;
        throw Object.assign(new Error('max fee per gas less than block base fee'), { code: -32_000 });
      }
      return call();
    };
    await using picky = await prepared.through(around);
    const wire = await request(1);
    await expect(picky.submit(wire)).rejects.toMatchObject({
      name: 'LedgerUnavailableError',
      cause: { code: -32_000 },
    });
    expect(await (await picky.submit(wire)).committed()).toMatchObject({ id: idOfWire(wire) });
    expect(refused).toBeDefined();
    expect(await readAll()).toHaveLength(3);
  });

  test('an answer that is lost after the node took the transaction does no second effect', async () => {
    let lose = true;
    const around: Around = async (method, _params, call) => {
      const answer = await call();
      if (lose && method === 'eth_sendRawTransaction') throw new TypeError('socket hang up');
      return answer;
    };
    await using shaky = await prepared.through(around);
    const wire = await request(1);
    await expect(shaky.submit(wire)).rejects.toMatchObject({ name: 'LedgerUnavailableError' });
    lose = false;
    await (await shaky.submit(wire)).committed();
    await (await shaky.submit(await request(2))).committed();
    expect(await readAll()).toHaveLength(4);
  });

  test('a node without pending, safe or finalized blocks', async () => {
    const around: Around = async (method, params, call) => {
      if (method === 'eth_getBlockByNumber' && !/^(0x|latest)/.test(String(params[0])))
        throw Object.assign(new Error('unknown block tag'), { code: -32_602 });
      return call();
    };
    await using plain = await prepared.through(around);
    expect((await plain.head()).time).toBe(NOW);
    await using safe = await prepared.through(around, { finality: 'safe' });
    await expect(safe.head()).rejects.toMatchObject({ name: 'LedgerUnavailableError', cause: { name: 'RpcError' } });
    await expect(collect(safe.entries())).rejects.toMatchObject({ name: 'LedgerUnavailableError' });
  });

  test('every call ends with the reason of its signal', async () => {
    const signal = AbortSignal.abort(new Error('stop'));
    const wire = await request(1);
    await expect(ledger.submit(wire, { signal })).rejects.toThrow('stop');
    await expect(ledger.head({ signal })).rejects.toThrow('stop');
    await expect(readAll({ signal })).rejects.toThrow('stop');
    await expect(ledger.submission(idOfWire(wire)).committed({ signal })).rejects.toThrow('stop');
    await expect(ledger.submission(idOfWire(wire)).final({ signal })).rejects.toThrow('stop');
    await expect(ethereumLedger({ ...testOptions(chain, contract), signal })).rejects.toThrow('stop');
  });

  test('a call that hangs ends when it is aborted', async () => {
    let hang = false;
    const around: Around = (_method, _params, call) => (hang ? new Promise(() => {}) : call());
    await using stuck = await prepared.through(around);
    hang = true;
    await expect(stuck.head({ signal: AbortSignal.timeout(20) })).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(stuck.submit(await request(1), { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  test('closing ends what follows quietly, and all else with an error', async () => {
    const closing = await ethereumLedger(testOptions(chain, contract));
    const following = collect(closing.entries({ follow: true }));
    await closing[Symbol.asyncDispose]();
    expect((await following).length).toBeLessThanOrEqual(2);
    await expect(closing.head()).rejects.toMatchObject({ name: 'LedgerUnavailableError' });
    await expect(closing.submit(await request(1))).rejects.toMatchObject({ name: 'LedgerUnavailableError' });
  });
});
