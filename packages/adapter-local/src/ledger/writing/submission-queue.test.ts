import { setImmediate } from 'node:timers/promises';
import { LedgerUnavailableError } from '@medseal/core/adapter';
import type { Verification } from '@medseal/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { failure } from '../../../test/test-folder.ts';
import type { Outcome } from './batch.ts';
import { SubmissionQueue } from './submission-queue.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const good = { id: '0x' } as unknown as Verification;

/** A queue that waits for a minute while the second command is being verified. */
function patientQueue(maxBatch = 10): {
  readonly queue: SubmissionQueue;
  readonly first: Promise<unknown>;
  readonly second: Promise<unknown>;
  readonly verified: (verification: Verification) => void;
  readonly batches: number[];
} {
  const later = Promise.withResolvers<Verification>();
  const batches: number[] = [];
  const queue = new SubmissionQueue({
    maxBatch,
    maxWaiting: 10,
    verify: async (wire) => (wire[0] === 1 ? good : later.promise),
    commit: (batch) => {
      batches.push(batch.length);
      return batch.map((): Outcome => ({ kind: 'known', id: '0x', seq: 0 }));
    },
    patience: () => 60_000,
  });
  const [first, second] = [1, 2].map((n) => queue.add(Uint8Array.of(n), undefined));
  if (first === undefined || second === undefined) throw new Error('two were added');
  return { queue, first, second, verified: later.resolve, batches };
}

test('waits no longer than until nothing is being verified', async () => {
  const { first, second, verified, batches } = patientQueue();
  await setImmediate();
  expect(batches).toEqual([]);
  verified(good);
  await Promise.all([first, second]);
  expect(batches).toEqual([2]);
  expect(vi.getTimerCount()).toBe(0);
});

test('writes what is ready when its patience ends', async () => {
  const { first, second, verified, batches } = patientQueue();
  await setImmediate();
  vi.advanceTimersByTime(60_000);
  await first;
  expect(batches).toEqual([1]);
  verified(good);
  await second;
  expect(batches).toEqual([1, 1]);
});

test('waits for nothing once it is closed', async () => {
  const { queue, first, second, verified, batches } = patientQueue();
  await setImmediate();
  expect(vi.getTimerCount()).toBe(1);
  const ends = Promise.all([failure(first), failure(second)]);
  await queue.close();
  for (const error of await ends) expect(error).toBeInstanceOf(LedgerUnavailableError);
  expect(vi.getTimerCount()).toBe(0);
  verified(good);
  await setImmediate();
  expect(batches).toEqual([]);
});

test('does not wait with a batch that is full', async () => {
  const { first, batches } = patientQueue(1);
  await first;
  expect(batches).toEqual([1]);
});

test('writes nothing for a signal that many share, once it was aborted', async () => {
  const batches: number[] = [];
  const verified = Promise.withResolvers<Verification>();
  const queue = new SubmissionQueue({
    maxBatch: 10,
    maxWaiting: 1,
    verify: async () => verified.promise,
    commit: (batch) => {
      batches.push(batch.length);
      return batch.map((): Outcome => ({ kind: 'known', id: '0x', seq: 0 }));
    },
  });
  const abort = new AbortController();
  const ends = [1, 2, 3].map((n) => failure(queue.add(Uint8Array.of(n), abort.signal)));
  const other = queue.add(Uint8Array.of(4), undefined);
  const reason = new Error('no longer wanted');
  abort.abort(reason);
  verified.resolve(good);
  expect(await Promise.all(ends)).toEqual([reason, reason, reason]);
  await other;
  expect(batches).toEqual([1]);
});
