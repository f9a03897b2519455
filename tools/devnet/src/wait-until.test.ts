import { expect, test } from 'vitest';
import { waitUntil } from './wait-until.ts';

test('a probe that throws is tried again', async () => {
  let calls = 0;
  await waitUntil('the third try', async () => {
    calls++;
    if (calls < 3) throw new Error('not yet');
    return true;
  });
  expect(calls).toBe(3);
});

test('the timeout names what was waited for and why it did not come', async () => {
  const cause = new Error('connection refused');
  const waiting = waitUntil('the moon', () => Promise.reject(cause), { timeoutMs: 30, intervalMs: 5 });
  await expect(waiting).rejects.toMatchObject({
    code: 'not-ready',
    message: 'timeout while waiting for the moon: connection refused',
    cause,
  });
});

test('an abort ends the wait with its reason', async () => {
  const abort = new AbortController();
  const reason = new Error('changed my mind');
  const waiting = waitUntil('nothing', async () => false, { signal: abort.signal });
  abort.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});
