import { expect, it } from 'vitest';
import { abortableUntil } from './abortable-until.ts';

const reason = new Error('enough');

it('lets the caller go while the work is silent, and tells the work when it comes to its commit', async () => {
  const abort = new AbortController();
  const silence = Promise.withResolvers<void>();
  const cleaned = Promise.withResolvers<unknown>();
  const work = abortableUntil(abort.signal, async (commit) => {
    await silence.promise;
    try {
      commit();
    } catch (error) {
      cleaned.resolve(error);
      throw error;
    }
  });
  abort.abort(reason);
  await expect(work).rejects.toBe(reason);
  silence.resolve();
  expect(await cleaned.promise).toBe(reason);
});

it('waits for what was committed, also when the work comes to a second commit', async () => {
  const abort = new AbortController();
  const work = abortableUntil(abort.signal, async (commit) => {
    commit();
    abort.abort(reason);
    await Promise.resolve();
    commit();
    return 'done';
  });
  expect(await work).toBe('done');
});

it('begins nothing for a signal that has aborted', async () => {
  let begun = false;
  const work = abortableUntil(AbortSignal.abort(reason), async () => {
    begun = true;
  });
  await expect(work).rejects.toBe(reason);
  expect(begun).toBe(false);
});

it('passes on what the work fails with, with and without a signal', async () => {
  const failure = new Error('no space');
  for (const signal of [undefined, new AbortController().signal])
    await expect(abortableUntil(signal, () => Promise.reject(failure))).rejects.toBe(failure);
});
