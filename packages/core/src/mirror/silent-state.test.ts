import { beforeEach, expect, it, vi } from 'vitest';
import { failure } from '../../test/hospital.ts';
import { mirrorDesk, pieces, read, small, soon } from '../../test/mirror-desk.ts';
import { memoryMirrorState } from '../memory/memory-mirror-state.ts';
import type { MirrorState } from '../ports/mirror-state.ts';

const TIMEOUT = 300;
const at = mirrorDesk();
const unanswered = { code: 'STORE_UNAVAILABLE', message: expect.stringMatching('does not answer') as string };

let kept: MirrorState;
/** Calls by these names are never answered. */
let silent: Set<keyof MirrorState>;

beforeEach(() => {
  kept = { ...memoryMirrorState(), durable: true };
  silent = new Set();
  const answer = async <T>(name: keyof MirrorState, call: () => Promise<T>): Promise<T> =>
    silent.has(name) ? new Promise<never>(() => {}) : call();
  const state: MirrorState = {
    durable: true,
    load: (options) => answer('load', () => kept.load(options)),
    owe: (debts) => answer('owe', () => kept.owe(debts)),
    settle: (digest, copies) => answer('settle', () => kept.settle(digest, copies)),
    [Symbol.asyncDispose]: async () => {},
  };
  at.open(0, { state, timeout: TIMEOUT });
});

async function endUnanswered(): Promise<void> {
  expect(await failure(soon(at.mirror[Symbol.asyncDispose]()))).toMatchObject(unanswered);
  // What the desk puts away.
  at.open(0);
}

it('does not wait for a state that has not been read: nothing was owed', async () => {
  const other = memoryMirrorState();
  let heard: AbortSignal | undefined;
  const load: MirrorState['load'] = async ({ signal } = {}) => {
    heard = signal;
    return new Promise<never>(() => {});
  };
  at.open(0, { state: { ...other, load }, timeout: TIMEOUT });
  const putting = failure(at.mirror.put(pieces(small)));
  await at.mirror[Symbol.asyncDispose]();
  expect(heard?.aborted).toBe(true);
  expect(await putting).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(await failure(at.mirror.owed())).toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

it('says that a deletion may not be written down, and has asked no copy', async () => {
  const ref = await soon(at.mirror.put(pieces(small)));
  await soon(at.mirror.settled());
  silent.add('owe');
  const deleting = failure(at.mirror.delete(ref));
  await vi.advanceTimersByTimeAsync(10 * TIMEOUT);
  await endUnanswered();
  expect(await soon(deleting)).toMatchObject(unanswered);
  expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
});

it('says that a copy may lack what is written nowhere, when the copy was late first', async () => {
  at.copies[2].fault = 'hang';
  silent.add('owe');
  const ref = await soon(at.mirror.put(pieces(small)));
  await endUnanswered();
  expect(await kept.load()).toEqual([]);
  expect(at.holders(ref.digest)).toEqual([0, 1]);
});

it('gives up a repair that is not struck out, and says so: it is owed still', async () => {
  at.copies[2].fault = 'refuse';
  const ref = await soon(at.mirror.put(pieces(small)));
  at.copies[2].fault = undefined;
  silent.add('settle');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
  expect(at.mirror.repairs).toMatchObject({ running: 1 });
  await endUnanswered();
  expect(await kept.load()).toMatchObject([{ copy: 'copy 2', task: 'restore' }]);
});

it('waits no longer for calls that begin when one was not answered', async () => {
  const refs = [await soon(at.mirror.put(pieces(small))), await soon(at.mirror.put(pieces(small.slice(1))))];
  await soon(at.mirror.settled());
  silent.add('owe');
  const deletions = refs.flatMap((ref) => [failure(at.mirror.delete(ref)), failure(at.mirror.delete(ref))]);
  await vi.advanceTimersByTimeAsync(1);
  const before = Date.now();
  await endUnanswered();
  expect(Date.now() - before).toBeLessThan(2 * TIMEOUT);
  for (const deletion of deletions) expect(await deletion).toMatchObject(unanswered);
});

it('waits until the state has what a put under way writes down, and says when it may not have it', async () => {
  at.copies[2].fault = 'refuse';
  const slow: MirrorState['owe'] = async (debts) => {
    await new Promise((resolve) => setTimeout(resolve, TIMEOUT - 1));
    await kept.owe(debts);
  };
  at.open(0, { state: { ...kept, owe: slow }, timeout: TIMEOUT });
  const putting = at.mirror.put(pieces(small));
  await vi.advanceTimersByTimeAsync(1);
  await soon(at.mirror[Symbol.asyncDispose]());
  expect(await kept.load()).toMatchObject([{ copy: 'copy 2', task: 'restore' }]);
  await soon(putting);

  const silently = at.open(0, { state: { ...kept, owe: () => new Promise(() => {}) }, timeout: TIMEOUT });
  const other = silently.put(pieces(small.slice(1)));
  await vi.advanceTimersByTimeAsync(1);
  await endUnanswered();
  // The copies that took it have it.
  await soon(other);
});

it('ends well with a state that is slow to write, and reads go on', async () => {
  const ref = await soon(at.mirror.put(pieces(small)));
  await soon(at.mirror.settled());
  at.copies[2].fault = 'refuse';
  const slow: MirrorState['owe'] = async (debts) => {
    await new Promise((resolve) => setTimeout(resolve, TIMEOUT - 1));
    await kept.owe(debts);
  };
  at.open(0, { state: { ...kept, owe: slow }, timeout: TIMEOUT });
  await soon(at.mirror.has(ref));
  const deleting = at.mirror.delete(ref);
  await vi.advanceTimersByTimeAsync(1);
  await soon(at.mirror[Symbol.asyncDispose]());
  await soon(deleting);
  expect(await kept.load()).toMatchObject([{ copy: 'copy 2', task: 'delete' }]);
  expect(await soon(failure(read(at.mirror, ref)))).toMatchObject({ code: 'ABSENT' });
});
