import type { Ledger, LedgerEntry } from '@medseal/core/adapter';
import {
  decodeCommand,
  type Domain,
  type Hex,
  idOf,
  judge,
  type StateValue,
  toHex,
  verifyCommand,
} from '@medseal/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deployLedger } from '../src/deploy.ts';
import { ethereumLedger } from '../src/ledger.ts';
import type { Eip1193Provider } from '../src/rpc.ts';
import { type Chain, collect, failureOf, sendRaw, startChain, testOptions } from './driver.ts';
import { authorityOf, doctor, NOW, patient, registration, stranger, word, write } from './people.ts';

let chain: Chain;
let contract: Hex;
let ledger: Ledger;
let domain: Domain;

beforeAll(async () => {
  chain = await startChain();
});

beforeEach(async () => {
  await chain.setTime(NOW);
  contract = await chain.deploy(authorityOf(1));
  ledger = await ethereumLedger(testOptions(chain, contract));
  ({ domain } = ledger.genesis);
  await (await ledger.submit(await registration(patient, domain, 1))).committed();
  await (await ledger.submit(await registration(doctor, domain, 1, { roles: ['provider'] }))).committed();
  return () => ledger[Symbol.asyncDispose]();
});

afterAll(() => chain[Symbol.asyncDispose]());

function request(terms: number, validUntil?: number): Promise<Uint8Array> {
  const fields = { patient: patient.address, level: 'low', newData: false, until: NOW + 90_000, terms: word(terms) };
  return write({ type: 'requestAccess', ...fields } as Parameters<typeof write>[0], domain, doctor, validUntil);
}

async function readAll(options?: Parameters<Ledger['entries']>[0]): Promise<LedgerEntry[]> {
  return collect(ledger.entries(options));
}

const idOfWire = (wire: Uint8Array): Hex => idOf(decodeCommand(wire).command, domain);

/** A provider that counts, delays or fails calls. */
function wrapped(around: (method: string, call: () => Promise<unknown>) => Promise<unknown>): Eip1193Provider {
  return { request: ({ method, params }) => around(method, () => chain.rpc(method, params ?? [])) };
}

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
    const provider: Eip1193Provider = {
      request: async ({ method, params }) => {
        const answer = await chain.rpc<unknown>(method, params ?? []);
        return method === 'eth_call' ? alter(String(answer)) : answer;
      },
    };
    const { rpcUrl: _url, ...rest } = testOptions(chain, contract);
    await expect(ethereumLedger({ ...rest, provider })).rejects.toMatchObject({ name: 'WrongLedgerError' });
  });

  test('refuses a contract whose parent block is not on this chain', async () => {
    const { rpcUrl: _url, ...rest } = testOptions(chain, contract);
    const provider: Eip1193Provider = {
      request: async ({ method, params }) => {
        const answer = await chain.rpc<unknown>(method, params ?? []);
        return method === 'eth_getBlockByNumber' ? { ...(answer as object), hash: word(1) } : answer;
      },
    };
    await expect(ethereumLedger({ ...rest, provider })).rejects.toMatchObject({ name: 'WrongLedgerError' });
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

describe('submit', () => {
  test('gives a receipt, and every reader the same entry', async () => {
    const wire = await request(1);
    const submission = await ledger.submit(wire);
    const receipt = await submission.committed();
    expect(receipt).toEqual({ id: idOfWire(wire), cursor: expect.any(String), time: NOW, violation: undefined });
    expect(await submission.final()).toEqual(receipt);
    expect((await readAll()).at(-1)).toEqual({ cursor: receipt.cursor, time: NOW, wire, violation: undefined });
    expect(await ledger.head()).toEqual({ cursor: receipt.cursor, time: NOW });
  });

  test('a violation is a receipt with its code', async () => {
    const use = {
      patient: patient.address,
      grant: word(1),
      record: word(2),
      headerDigest: word(3),
      actingPerson: word(4),
    };
    const submission = await ledger.submit(await write({ type: 'useAccess', ...use }, domain, doctor));
    expect(await submission.committed()).toMatchObject({ violation: 'NO_GRANT' });
    expect((await readAll()).at(-1)).toMatchObject({ violation: 'NO_GRANT' });
  });

  test('a refusal names the rule and sends nothing', async () => {
    const before = await chain.rpc('eth_blockNumber', []);
    const late = await request(1, NOW);
    await expect(ledger.submit(late)).rejects.toMatchObject({
      name: 'RejectedError',
      code: 'COMMAND_EXPIRED',
      id: idOfWire(late),
    });
    await expect(ledger.submit(Uint8Array.of(99))).rejects.toMatchObject({ code: 'MALFORMED' });
    await expect(ledger.submit((await request(1)).slice(0, -65))).rejects.toMatchObject({ code: 'BAD_SIGNATURE' });
    const again = await registration(patient, domain, 1);
    const fresh = await registration(patient, domain, 1, { validUntil: NOW + 77 });
    expect(await (await ledger.submit(again)).committed()).toMatchObject({ id: idOfWire(again) });
    await expect(ledger.submit(fresh)).rejects.toMatchObject({ code: 'ALREADY_REGISTERED' });
    expect(await chain.rpc('eth_blockNumber', [])).toBe(before);
  });

  test('the same command again gives the first receipt, also after validUntil and from another adapter', async () => {
    const wire = await request(1, NOW + 10);
    const first = await (await ledger.submit(wire)).committed();
    await chain.setTime(NOW + 1000);
    expect(await (await ledger.submit(wire)).committed()).toEqual(first);
    await using other = await ethereumLedger(testOptions(chain, contract));
    expect(await (await other.submit(wire)).final()).toEqual(first);
    expect(await other.submission(idOfWire(wire)).committed()).toEqual(first);
    expect(await readAll()).toHaveLength(3);
  });

  test('two calls at once for one command send it once', async () => {
    const wire = await request(1);
    const submissions = await Promise.all([ledger.submit(wire), ledger.submit(wire)]);
    const [first, second] = await Promise.all(submissions.map((submission) => submission.committed()));
    expect(second).toEqual(first);
    expect(await readAll()).toHaveLength(3);
  });

  test('twenty commands at once on one relayer', async () => {
    const wires = await Promise.all(Array.from({ length: 20 }, (_, index) => request(0x30 + index)));
    const receipts = await Promise.all(wires.map(async (wire) => (await ledger.submit(wire)).committed()));
    expect(new Set(receipts.map(({ cursor }) => cursor)).size).toBe(20);
    const logged = (await readAll()).map(({ wire }) => toHex(wire));
    for (const wire of wires) expect(logged.filter((entry) => entry === toHex(wire))).toHaveLength(1);
  });

  test('two adapters with one key get along', async () => {
    await using other = await ethereumLedger(testOptions(chain, contract));
    const wires = await Promise.all(Array.from({ length: 10 }, (_, index) => request(0x50 + index)));
    await Promise.all(
      wires.map(async (wire, index) => (await (index % 2 === 0 ? ledger : other).submit(wire)).committed()),
    );
    expect(await readAll()).toHaveLength(12);
  });

  test('without a relayer a ledger can be read only', async () => {
    const { privateKey: _, ...rest } = testOptions(chain, contract);
    await using reader = await ethereumLedger(rest);
    expect(await collect(reader.entries())).toHaveLength(2);
    await expect(reader.submit(await request(1))).rejects.toThrow(TypeError);
  });

  test('a relayer without funds is an outage, not a refusal', async () => {
    const poor = await ethereumLedger({ ...testOptions(chain, contract), privateKey: word(0x99) });
    await expect(poor.submit(await request(1))).rejects.toMatchObject({
      name: 'LedgerUnavailableError',
      retryable: true,
      cause: { name: 'RpcError' },
    });
  });

  test('an unknown id is unknown', async () => {
    const missing = ledger.submission(word(0xab)).committed();
    await expect(missing).rejects.toMatchObject({ name: 'UnknownSubmissionError', id: word(0xab) });
  });
});

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
    const { rpcUrl: _, ...rest } = testOptions(chain, contract);
    let refused = 0;
    const provider: Eip1193Provider = {
      request: async ({ method, params = [] }) => {
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
        return chain.rpc(method, params);
      },
    };
    await using limited = await ethereumLedger({ ...rest, provider });
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
    const { rpcUrl: _, ...rest } = testOptions(chain, contract);
    const provider = wrapped((method, call) =>
      down && method === 'eth_sendRawTransaction' ? Promise.reject(new TypeError('fetch failed')) : call(),
    );
    await using shaky = await ethereumLedger({ ...rest, provider });
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

  test('an answer that is lost after the node took the transaction does no second effect', async () => {
    let lose = true;
    const { rpcUrl: _, ...rest } = testOptions(chain, contract);
    const provider = wrapped(async (method, call) => {
      const answer = await call();
      if (lose && method === 'eth_sendRawTransaction') throw new TypeError('socket hang up');
      return answer;
    });
    await using shaky = await ethereumLedger({ ...rest, provider });
    const wire = await request(1);
    await expect(shaky.submit(wire)).rejects.toMatchObject({ name: 'LedgerUnavailableError' });
    lose = false;
    await (await shaky.submit(wire)).committed();
    await (await shaky.submit(await request(2))).committed();
    expect(await readAll()).toHaveLength(4);
  });

  test('a node without pending, safe or finalized blocks', async () => {
    const { rpcUrl: _, ...rest } = testOptions(chain, contract);
    const provider: Eip1193Provider = {
      request: async ({ method, params = [] }) => {
        if (method === 'eth_getBlockByNumber' && !/^(0x|latest)/.test(String(params[0])))
          throw Object.assign(new Error('unknown block tag'), { code: -32_602 });
        return chain.rpc(method, params);
      },
    };
    await using plain = await ethereumLedger({ ...rest, provider });
    expect((await plain.head()).time).toBe(NOW);
    await using safe = await ethereumLedger({ ...rest, provider, finality: 'safe' });
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
    const { rpcUrl: _, ...rest } = testOptions(chain, contract);
    let hang = false;
    const provider = wrapped((_method, call) => (hang ? new Promise(() => {}) : call()));
    await using stuck = await ethereumLedger({ ...rest, provider });
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
