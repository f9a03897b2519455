import { type Genesis, type Keccak256, type RecoverSigner, recoverSigner, verifyCommand } from '@medseal/protocol';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { expect, test } from 'vitest';
import { authority, doctor, numbered, registration, request } from '../../../test/ledger-world.ts';
import { CommandVerifier } from './command-verifier.ts';
import { startedPool } from '../../../test/started-pool.ts';
import { VerifyPool } from './verify-pool.ts';
import { LONGEST, SLOTS } from './verify-slots.ts';

const genesis: Genesis = { protocolVersion: 1, domain: numbered(1), authority };

async function makeCommands(): Promise<readonly Uint8Array[]> {
  const good = await Promise.all(Array.from({ length: 35 }, (_, n) => request(n, genesis.domain, 1_000)));
  const [first = new Uint8Array()] = good;
  const last = first.length - 1;
  const long = new Uint8Array(LONGEST + 1);
  long.set(first);
  const bad = [first.slice(1), first.with(last, 26), first.with(last - 40, 1), new Uint8Array(0), long];
  return [...good, ...bad, await registration(doctor, genesis.domain, 1_000)];
}
const wires = await makeCommands();
const expected = wires.map((wire) => verifyCommand(wire, genesis));

/** A recovery that counts how often it is wanted in this thread. */
function countedRecovery(): { readonly recover: RecoverSigner; readonly count: () => number } {
  let count = 0;
  const recover: RecoverSigner = (digest, signature) => {
    count++;
    return recoverSigner(digest, signature);
  };
  return { recover, count: () => count };
}

test('says of each command what the protocol says, here and on threads', async () => {
  expect(expected.filter((one) => 'outcome' in one).length).toBeGreaterThan(2);
  for (const pool of [undefined, await startedPool(genesis, { limit: 2 })]) {
    await using verifier = new CommandVerifier(genesis, undefined, pool);
    expect(await Promise.all(wires.map((wire) => verifier.verify(wire)))).toEqual(expected);
  }
});

test('has more verified than threads take at a time', async () => {
  const many = Array.from({ length: 2 * SLOTS + 20 }, (_, n) => n % wires.length);
  await using verifier = new CommandVerifier(genesis, undefined, await startedPool(genesis, { limit: 2 }));
  const verified = await Promise.all(many.map((n) => verifier.verify(wires[n] ?? new Uint8Array())));
  expect(verified).toEqual(many.map((n) => expected[n]));
});

test('hashes with the Keccak-256 that it was given', async () => {
  let count = 0;
  const keccak256: Keccak256 = (bytes) => {
    count++;
    return keccak_256(bytes);
  };
  await using verifier = new CommandVerifier(genesis, undefined, undefined, keccak256);
  const [one = new Uint8Array()] = wires;
  expect(await verifier.verify(one)).toEqual(expected[0]);
  expect(count).toBe(2);
});

test('uses threads under load only, and the recovery that it was given without', async () => {
  const { recover, count } = countedRecovery();
  await using verifier = new CommandVerifier(genesis, recover, await startedPool(genesis, { limit: 1 }));
  const [one = new Uint8Array()] = wires;
  for (let n = 1; n <= 40; n++) {
    await verifier.verify(one);
    expect(count()).toBe(n);
  }
  const load = wires.filter(({ length }) => length <= LONGEST);
  await Promise.all(load.map((wire) => verifier.verify(wire)));
  expect(count()).toBe(40);
});

test('does not wait for threads that start', async () => {
  const { recover, count } = countedRecovery();
  await using verifier = new CommandVerifier(genesis, recover, new VerifyPool(genesis, { limit: 1 }));
  await Promise.all(wires.map((wire) => verifier.verify(wire)));
  expect(count()).toBeGreaterThanOrEqual(35);
});

test('lets others have their turn while it verifies here', async () => {
  await using verifier = new CommandVerifier(genesis, undefined, undefined);
  let turns = 0;
  let ended = false;
  const count = (): void => {
    turns++;
    if (!ended) setImmediate(count);
  };
  setImmediate(count);
  expect(await Promise.all(wires.map((wire) => verifier.verify(wire)))).toEqual(expected);
  ended = true;
  // 35 signatures in JavaScript take more than 20 ms.
  expect(turns).toBeGreaterThan(2);
});

test('checks here what threads can not', async () => {
  const pool = await startedPool(genesis, { limit: 1 });
  await using verifier = new CommandVerifier(genesis, undefined, pool);
  const verifying = Promise.all(wires.map((wire) => verifier.verify(wire)));
  await Promise.resolve();
  expect(pool.pending).toBeGreaterThan(0);
  await pool[Symbol.asyncDispose]();
  expect(await verifying).toEqual(expected);
});

test('does no more once it is closed', async () => {
  for (const pool of [undefined, await startedPool(genesis, { limit: 1 })]) {
    const { recover, count } = countedRecovery();
    const verifier = new CommandVerifier(genesis, recover, pool);
    const verifying = Promise.allSettled(wires.map((wire) => verifier.verify(wire)));
    await Promise.resolve();
    await verifier[Symbol.asyncDispose]();
    const rejected = (await verifying).filter(({ status }) => status === 'rejected');
    expect(rejected.length).toBeGreaterThan(20);
    expect(count()).toBeLessThan(20);
    await expect(verifier.verify(wires[0] ?? new Uint8Array())).rejects.toThrow('closed');
  }
});
