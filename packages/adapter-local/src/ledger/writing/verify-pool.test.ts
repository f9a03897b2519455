import { type Genesis, verifyCommand } from '@medseal/protocol';
import { expect, test } from 'vitest';
import { authority, numbered, request } from '../../../test/ledger-world.ts';
import { startedPool } from '../../../test/started-pool.ts';
import { VerifyPool } from './verify-pool.ts';
import { asFinding, type Finding } from './verify-slots.ts';

const genesis: Genesis = { protocolVersion: 1, domain: numbered(1), authority };
const wire = await request(1, genesis.domain, 1_000);
const verified = verifyCommand(wire, genesis);

function verifyOn(pool: VerifyPool, one: Uint8Array): Promise<Finding | undefined> {
  return new Promise((onFound) => {
    pool.give({ wire: one, onFound });
    pool.publish();
  });
}

/** Given together, more than a thread has done before this one can help. */
function verifyAll(pool: VerifyPool, wires: readonly Uint8Array[]): Promise<readonly (Finding | undefined)[]> {
  const found = wires.map((one) => new Promise<Finding | undefined>((onFound) => pool.give({ wire: one, onFound })));
  pool.publish();
  return Promise.all(found);
}

test('verifies on a thread', async () => {
  await using pool = await startedPool(genesis, { limit: 1 });
  expect(await verifyOn(pool, wire)).toEqual('id' in verified ? { id: verified.id } : undefined);
  expect(await verifyOn(pool, wire.subarray(1))).toEqual({ code: 'MALFORMED' });
  expect(pool.pending).toBe(0);
});

test('tells in the order in which commands were given, however long each takes', async () => {
  await using pool = await startedPool(genesis, { limit: 2 });
  const told: number[] = [];
  const given = Array.from({ length: 40 }, (_, n) => n);
  await Promise.all(
    given.map(async (n) => {
      await verifyOn(pool, n % 3 === 0 ? wire : wire.subarray(1));
      told.push(n);
    }),
  );
  expect(told).toEqual(given);
});

test('helps with what no thread has taken yet', async () => {
  let helped = 0;
  const help = (one: Uint8Array): Finding => {
    helped++;
    return asFinding(verifyCommand(one, genesis));
  };
  await using pool = await startedPool(genesis, { limit: 1, help });
  const given = Array.from({ length: 40 }, (_, n) => (n % 3 === 0 ? wire : wire.subarray(1)));
  const found = await verifyAll(pool, given);
  expect(found).toEqual(given.map((one) => asFinding(verifyCommand(one, genesis))));
  expect(helped).toBeGreaterThan(0);
});

test('says that nobody can tell where helping fails', async () => {
  const help = (): Finding => {
    throw new TypeError('not here');
  };
  await using pool = await startedPool(genesis, { limit: 1, help });
  const given = Array.from({ length: 40 }, () => wire);
  expect(await verifyAll(pool, given)).toEqual(given.map(() => undefined));
  expect([pool.pending, pool.threads]).toEqual([0, 0]);
});

test('ends threads without work, and starts others when there is some', async () => {
  await using pool = await startedPool(genesis, { limit: 1, idle: 300 });
  expect(await verifyOn(pool, wire)).toBeDefined();
  while (pool.threads > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await verifyOn(pool, wire)).toBeUndefined();
  while (!pool.isReady(1)) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await verifyOn(pool, wire)).toBeDefined();
});

test('says that no thread can tell, once it is closed', async () => {
  const pool = await startedPool(genesis, { limit: 1 });
  const open = verifyOn(pool, wire);
  await pool[Symbol.asyncDispose]();
  expect(await open).toBeUndefined();
  expect(await verifyOn(pool, wire)).toBeUndefined();
  expect(pool.isReady(100)).toBe(false);
});

test('starts no more threads than it may', () => {
  const pool = new VerifyPool(genesis, { limit: 0 });
  expect(pool.isReady(100)).toBe(false);
  expect(pool.threads).toBe(0);
});

test('says that no thread can tell when one dies, and starts another', async () => {
  const { protocolVersion, domain } = genesis;
  // Without an authority the thread meets a TypeError.
  await using pool = await startedPool({ protocolVersion, domain } as Genesis, { limit: 1 });
  const open = [verifyOn(pool, wire), verifyOn(pool, wire)];
  expect(await Promise.all(open)).toEqual([undefined, undefined]);
  expect([pool.pending, pool.threads]).toEqual([0, 0]);
  while (!pool.isReady(1)) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await verifyOn(pool, wire.subarray(1))).toEqual({ code: 'MALFORMED' });
});

test('does without threads where none can be started', () => {
  const uncloneable = { ...genesis, more: () => 1 };
  const pool = new VerifyPool(uncloneable, { limit: 1 });
  expect(pool.isReady(1)).toBe(false);
  expect(pool.threads).toBe(0);
});
