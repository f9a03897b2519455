import { existsSync } from 'node:fs';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './with-lock.ts';

let folder: string;
let lock: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medseal-lock-'));
  lock = join(folder, 'build.lock');
});

afterEach(() => rm(folder, { recursive: true }));

test('a second caller waits until the first is done', async () => {
  const events: string[] = [];
  const waiting = Promise.withResolvers<void>();
  const first = withLock(lock, async () => {
    events.push('first starts');
    await waiting.promise;
    events.push('first ends');
  });
  const second = withLock(lock, async () => void events.push('second'), { onWait: waiting.resolve });
  await Promise.all([first, second]);
  expect(events).toEqual(['first starts', 'first ends', 'second']);
  expect(existsSync(lock)).toBe(false);
});

test('a lock whose holder has died is taken over', async () => {
  await writeFile(lock, '');
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(lock, longAgo, longAgo);
  expect(await withLock(lock, async () => 'done')).toBe('done');
});

test('a held lock is respected until the caller gives up', async () => {
  const reason = new Error('enough');
  const abort = new AbortController();
  await writeFile(lock, '');
  const attempt = withLock(lock, async () => 'done', { onWait: () => abort.abort(reason), signal: abort.signal });
  await expect(attempt).rejects.toBe(reason);
});

test('the lock is released when the action fails', async () => {
  const failure = new Error('no compiler');
  await expect(withLock(lock, () => Promise.reject(failure))).rejects.toBe(failure);
  expect(existsSync(lock)).toBe(false);
});

test('an unusable place is an error, not a wait', async () => {
  await expect(withLock(join(folder, 'missing', 'lock'), async () => 'done')).rejects.toThrow('ENOENT');
});
