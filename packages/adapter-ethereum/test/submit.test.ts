import type { Ledger, LedgerEntry } from '@medseal/core/adapter';
import { type Domain, type Hex, toHex } from '@medseal/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { ethereumLedger } from '../src/ledger.ts';
import { type Chain, collect, testOptions } from './driver.ts';
import { doctor, NOW, patient, registration, word, write } from './people.ts';
import { type PreparedLedger, prepareLedger } from './prepared-ledger.ts';

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
const readAll = (options?: Parameters<Ledger['entries']>[0]): Promise<readonly LedgerEntry[]> =>
  prepared.readAll(options);
const idOfWire = (wire: Uint8Array): Hex => prepared.idOfWire(wire);

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
