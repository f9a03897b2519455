import { recoverSigner, verifyCommand } from '@medseal/protocol';
import { expect, test } from 'vitest';
import { authority, registration, request, doctor, numbered } from '../../../test/ledger-world.ts';
import { CommandVerifier } from './command-verifier.ts';
import { VerifyPool } from './verify-pool.ts';

const genesis = { protocolVersion: 1, domain: numbered(1), authority } as const;

async function commands(): Promise<readonly Uint8Array[]> {
  const good = await Promise.all(Array.from({ length: 35 }, (_, n) => request(n, genesis.domain, 1_000)));
  const [first = new Uint8Array()] = good;
  const last = first.length - 1;
  const bad = [first.slice(1), first.with(last, 26), first.with(last - 40, 1), new Uint8Array(0)];
  return [...good, ...bad, await registration(doctor, genesis.domain, 1_000)];
}

test('says of each command what the protocol says, here and on threads', async () => {
  const wires = await commands();
  const expected = wires.map((wire) => verifyCommand(wire, genesis));
  expect(expected.filter((one) => 'outcome' in one).length).toBeGreaterThan(2);
  const threads = new VerifyPool(genesis, 2);
  await threads.verify([]);
  for (const pool of [undefined, threads]) {
    await using verifier = new CommandVerifier(genesis, undefined, pool);
    expect(await Promise.all(wires.map((wire) => verifier.verify(wire)))).toEqual(expected);
  }
});

test('uses threads under load only, and the recovery that it was given without', async () => {
  const wires = await commands();
  const here: Uint8Array[] = [];
  const recover = (digest: Uint8Array, signature: Uint8Array): ReturnType<typeof recoverSigner> => {
    here.push(signature);
    return recoverSigner(digest, signature);
  };
  const pool = new VerifyPool(genesis, 1);
  await using verifier = new CommandVerifier(genesis, recover, pool);
  const [one = new Uint8Array()] = wires;
  await verifier.verify(one);
  expect(here).toHaveLength(1);
  await pool.verify([]);
  await Promise.all(wires.map((wire) => verifier.verify(wire)));
  expect(here).toHaveLength(1);
});

test('does not wait for threads that start', async () => {
  const wires = await commands();
  let here = 0;
  const recover = (...signed: Parameters<typeof recoverSigner>): ReturnType<typeof recoverSigner> => {
    here++;
    return recoverSigner(...signed);
  };
  await using verifier = new CommandVerifier(genesis, recover, new VerifyPool(genesis, 1));
  await Promise.all(wires.map((wire) => verifier.verify(wire)));
  expect(here).toBeGreaterThanOrEqual(35);
});

test('checks here what threads can not', async () => {
  const wires = await commands();
  const pool = new VerifyPool(genesis, 1);
  await pool.verify([]);
  await using verifier = new CommandVerifier(genesis, undefined, pool);
  const verifying = Promise.all(wires.map((wire) => verifier.verify(wire)));
  await Promise.resolve();
  await pool[Symbol.asyncDispose]();
  expect(await verifying).toEqual(wires.map((wire) => verifyCommand(wire, genesis)));
});

test('a pool that is closed takes no more', async () => {
  const pool = new VerifyPool(genesis, 1);
  await pool.verify([]);
  await pool[Symbol.asyncDispose]();
  await expect(pool.verify([])).rejects.toThrow('closed');
});
