import type { Ledger } from '@medseal/core/adapter';
import type { Domain, Hex } from '@medseal/protocol';
import { HDNodeWallet } from 'ethers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ethereumLedger } from '../src/ledger.ts';
import type { EthereumLedgerOptions } from '../src/options.ts';
import type { Relayer } from '../src/relayer.ts';
import { type Chain, collect, failureOf, startChain, testOptions } from './driver.ts';
import { authorityOf, doctor, NOW, patient, registration, word, write } from './people.ts';

let chain: Chain;
let contract: Hex;

beforeAll(async () => {
  chain = await startChain();
  await chain.setTime(NOW);
});

beforeEach(async () => {
  contract = await chain.deploy(authorityOf(1));
});

afterAll(() => chain[Symbol.asyncDispose]());

const mine = (blocks: number): Promise<unknown> => chain.rpc('anvil_mine', [blocks, 0]);
const open = (options: Partial<EthereumLedgerOptions>): Promise<Ledger> =>
  ethereumLedger({ ...testOptions(chain, contract), ...options });

/** Whether a promise is still open after some looks at the chain. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), 100));
  return (await Promise.race([promise, late])) === 'late';
}

async function grant(domain: Domain, consent: number): Promise<Uint8Array> {
  return write(
    {
      type: 'grantAccess',
      patient: patient.address,
      request: word(1),
      grantee: doctor.address,
      keyVersion: 1,
      scope: word(2),
      level: 'moderate',
      newData: false,
      until: NOW + 100,
      consent: word(consent),
    },
    domain,
    patient,
  );
}

test('an entry is final at the configured depth, and readers see it then', async () => {
  await using ledger = await open({ finality: { confirmations: 3 } });
  expect(ledger.supports.finalityDelay).toBe(24);
  const submission = await ledger.submit(await registration(patient, ledger.genesis.domain, 1));
  const receipt = await submission.committed();
  const final = submission.final();
  expect(await isPending(final)).toBe(true);
  expect(await collect(ledger.entries())).toEqual([]);
  expect(await ledger.head()).toEqual({ cursor: undefined, time: NOW });
  await mine(1);
  expect(await isPending(final)).toBe(true);
  await mine(1);
  expect(await final).toEqual(receipt);
  expect(await collect(ledger.entries())).toMatchObject([{ cursor: receipt.cursor }]);
  expect((await ledger.head()).cursor).toBe(receipt.cursor);
});

test.each(['safe', 'finalized'] as const)('the tag %s decides where it is asked to', async (finality) => {
  await using ledger = await open({ finality, blockTime: 2 });
  expect(ledger.supports.finalityDelay).toBe(finality === 'safe' ? 128 : 192);
  await (await ledger.submit(await registration(patient, ledger.genesis.domain, 1))).committed();
  expect(await collect(ledger.entries())).toEqual([]);
  await mine(200);
  expect(await collect(ledger.entries())).toHaveLength(1);
});

test('a command that a shallow reorganisation drops is sent again', async () => {
  await using ledger = await open({ finality: { confirmations: 3 } });
  const submission = await ledger.submit(await registration(patient, ledger.genesis.domain, 1));
  const before = await submission.committed();
  await chain.rpc('anvil_reorg', [1, []]);
  expect(await chain.rpc('eth_getLogs', [{ address: contract, fromBlock: '0x0' }])).toEqual([]);
  const final = submission.final();
  const after = await submission.committed();
  expect(after.id).toBe(before.id);
  expect(after.cursor).not.toBe(before.cursor);
  await mine(2);
  expect(await final).toEqual(after);
  expect(await collect(ledger.entries())).toHaveLength(1);
});

test('a reorganisation deeper than finality is told to those who read before', async () => {
  await using ledger = await open({ finality: { confirmations: 2 } });
  const { domain } = ledger.genesis;
  await mine(3);
  await (await ledger.submit(await registration(patient, domain, 1))).committed();
  await mine(1);
  const [entry] = await collect(ledger.entries());
  expect(entry).toBeDefined();
  const following = collect(ledger.entries({ follow: true }));
  const told = failureOf(following);
  expect(await isPending(following)).toBe(true);
  await chain.rpc('anvil_reorg', [3, []]);
  expect(await told).toMatchObject({ name: 'LedgerRewrittenError', retryable: false });
  await expect(collect(ledger.entries({ after: entry?.cursor }))).rejects.toMatchObject({ code: 'LEDGER_REWRITTEN' });
});

test('a node that lags behind a cursor is an outage, not a rewritten ledger', async () => {
  await using ledger = await open({});
  await (await ledger.submit(await registration(patient, ledger.genesis.domain, 1))).committed();
  const after = `999999/0/${word(1)}`;
  await expect(collect(ledger.entries({ after }))).rejects.toMatchObject({ name: 'LedgerUnavailableError' });
});

/** A relayer of the application: here an ethers wallet over another funded account. */
function otherRelayer(): Relayer {
  return HDNodeWallet.fromPhrase(chain.anvil.mnemonic, '', "m/44'/60'/0'/0/2");
}

/** Like a node whose simulations do not see its pool. */
function blindOptions(): Partial<EthereumLedgerOptions> {
  return {
    provider: {
      request: ({ method, params = [] }) =>
        chain.rpc(method, method === 'eth_estimateGas' ? [params[0], 'latest'] : params),
    },
  };
}

test('a transaction that reverts in its block is explained by simulating it again', async () => {
  await using ledger = await open(blindOptions());
  const { domain } = ledger.genesis;
  await (await ledger.submit(await registration(patient, domain, 1))).committed();
  await (await ledger.submit(await registration(doctor, domain, 1, { roles: ['provider'] }))).committed();
  await chain.rpc('evm_setAutomine', [false]);
  try {
    const first = await ledger.submit(await grant(domain, 3));
    const second = await ledger.submit(await grant(domain, 4));
    const won = first.committed();
    const lost = failureOf(second.committed());
    expect(await isPending(won)).toBe(true);
    await mine(1);
    expect(await won).toMatchObject({ id: first.id });
    expect(await lost).toMatchObject({ name: 'RejectedError', code: 'ALREADY_DECIDED', id: second.id });
    await expect(second.committed()).rejects.toMatchObject({ name: 'UnknownSubmissionError' });
  } finally {
    await chain.rpc('evm_setAutomine', [true]);
  }
});

test.each([
  ['after the node took it', true],
  ['before the node had it', false],
])('a command whose transaction was lost from sight %s stands in the log once', async (_, forward) => {
  let lose = false;
  await using ledger = await open({
    provider: {
      request: async ({ method, params = [] }) => {
        const isLost = lose && method === 'eth_sendRawTransaction';
        if (isLost && !forward) throw new TypeError('fetch failed');
        const answer = await chain.rpc<unknown>(method, params);
        if (isLost) throw new TypeError('fetch failed');
        return answer;
      },
    },
  });
  const { domain } = ledger.genesis;
  await (await ledger.submit(await registration(patient, domain, 1))).committed();
  await chain.rpc('evm_setAutomine', [false]);
  try {
    const wire = await write(
      { type: 'requestAccess', patient: patient.address, level: 'low', newData: false, until: NOW + 9, terms: word(1) },
      domain,
      patient,
    );
    lose = true;
    await expect(ledger.submit(wire)).rejects.toMatchObject({ name: 'LedgerUnavailableError' });
    lose = false;
    const submission = await ledger.submit(wire);
    await ledger.submit(wire);
    await mine(1);
    expect(await submission.committed()).toMatchObject({ id: submission.id });
    await mine(1);
    expect(await collect(ledger.entries())).toHaveLength(2);
  } finally {
    await chain.rpc('evm_setAutomine', [true]);
  }
});

test('our transaction loses against the same command relayed by another: its receipt counts', async () => {
  await using ledger = await open(blindOptions());
  await using other = await open({ ...blindOptions(), relayer: otherRelayer() });
  const wire = await registration(patient, ledger.genesis.domain, 1);
  await chain.rpc('evm_setAutomine', [false]);
  try {
    const ours = await ledger.submit(wire);
    const theirs = await other.submit(wire);
    await mine(1);
    expect(await theirs.committed()).toEqual(await ours.committed());
  } finally {
    await chain.rpc('evm_setAutomine', [true]);
  }
});
