import { beforeEach, describe, expect, it, vi } from 'vitest';
import { failure } from '../../test/hospital.ts';
import { flipBit, large, methodsOf, mirrorDesk, pieces, read, small, soon } from '../../test/mirror-desk.ts';
import { StoreUnavailableError } from '../errors/store-errors.ts';
import { memoryMirrorState } from '../memory/memory-mirror-state.ts';
import type { MirrorState } from '../ports/mirror-state.ts';
import type { BlobRef } from '../ports/store.ts';
import type { MirroredStoreOptions } from './mirrored-store.ts';

const at = mirrorDesk();

let state: MirrorState;
beforeEach(() => {
  state = { ...memoryMirrorState(), durable: true };
  at.open(0, { state });
});

/** Ends the mirror and opens another one on the same copies and state. */
async function restart(options: MirroredStoreOptions = {}): Promise<void> {
  await soon(at.mirror[Symbol.asyncDispose]());
  at.open(0, { state, ...options });
}

async function putEverywhere(bytes: Uint8Array): Promise<BlobRef> {
  const ref = await soon(at.mirror.put(pieces(bytes)));
  await soon(at.mirror.settled());
  expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
  return ref;
}

async function deletePast(copy: 0 | 1 | 2, ref: BlobRef): Promise<void> {
  at.copies[copy].fault = 'refuse';
  await soon(at.mirror.delete(ref));
  expect(at.holders(ref.digest)).toEqual([copy]);
}

const outage = new StoreUnavailableError('The test’s state is out of order');

describe('a deletion that a copy missed', () => {
  it('stands, also after a restart, and is made up for when the copy is back', async () => {
    const ref = await putEverywhere(small);
    await deletePast(1, ref);
    expect(await soon(at.mirror.owed())).toMatchObject([
      { copy: 'copy 1', task: 'delete', ref: { digest: ref.digest } },
    ]);
    expect(at.mirror.supports.delete).toBe('unlink');
    await restart();
    expect(await soon(at.mirror.has(ref))).toBe(false);
    at.copies[1].fault = undefined;
    expect(await soon(failure(read(at.mirror, ref)))).toMatchObject({ code: 'ABSENT' });
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([]);
    expect(await soon(at.mirror.owed())).toEqual([]);
    expect(at.mirror.repairs.ended).toMatchObject([{ copy: 'copy 1', task: 'delete', outcome: 'done' }]);
  });

  it('is made up for when somebody reads anything, although the attempts were given up', async () => {
    const ref = await putEverywhere(small);
    const other = await putEverywhere(large);
    await deletePast(1, ref);
    await soon(at.mirror.settled());
    expect(at.mirror.repairs.ended).toMatchObject([{ task: 'delete', outcome: 'failed' }]);
    at.copies[1].fault = undefined;
    await vi.advanceTimersByTimeAsync(60_000);
    await soon(read(at.mirror, other));
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([]);
  });

  it('is made up for by a scrub, whatever that looks at', async () => {
    const ref = await putEverywhere(small);
    await deletePast(1, ref);
    await soon(at.mirror.settled());
    at.copies[1].fault = undefined;
    const report = await soon(at.mirror.scrub({ refs: [] }));
    expect(report.objects).toBe(1);
    expect(report.copies.get('copy 1')).toMatchObject({ removed: [ref.digest], repaired: [] });
    expect(at.holders(ref.digest)).toEqual([]);
    expect(await soon(at.mirror.owed())).toEqual([]);
  });

  it('is not undone by a scrub that is restoring the object', async () => {
    const ref = await putEverywhere(large);
    at.copies[2].memory.blobs.delete(ref.digest);
    at.copies[2].delay = 20;
    const scrubbing = at.mirror.scrub({ refs: [ref] });
    await vi.advanceTimersByTimeAsync(100);
    await soon(at.mirror.delete(ref));
    await soon(scrubbing);
    await soon(at.mirror.settled());
    for (const { memory } of at.copies) expect(memory.blobs.size).toBe(0);
  });

  it.each([100, 1100, 1500, 2500])(
    'is not undone by a scrub that restores the object twice, %i ms after that began',
    async (milliseconds) => {
      const ref = await putEverywhere(large);
      flipBit(at.copies[2].memory.blobs, ref.digest);
      // What it keeps has to be deleted before it takes the object.
      at.copies[2].fault = 'keep';
      at.copies[2].delay = 20;
      const scrubbing = at.mirror.scrub({ refs: [ref] });
      await vi.advanceTimersByTimeAsync(milliseconds);
      at.copies[1].fault = 'refuse';
      const deleting = at.mirror.delete(ref);
      await vi.advanceTimersByTimeAsync(100);
      at.copies[1].fault = undefined;
      await soon(deleting);
      await soon(scrubbing);
      await soon(at.mirror.settled());
      for (const { memory } of at.copies) expect(memory.blobs.size).toBe(0);
    },
  );

  it('outlasts a put of before that lands at a copy afterwards', async () => {
    const landing = Promise.withResolvers<void>();
    const { put } = methodsOf(at.copies[2]);
    at.copies[2].put = async (blob, options) => {
      const bytes = await Array.fromAsync(blob);
      await landing.promise;
      return put(
        (async function* again() {
          yield* bytes;
        })(),
        { digest: options?.digest },
      );
    };
    await restart({ timeout: 500 });
    const ref = await soon(at.mirror.put(pieces(small)));
    await soon(at.mirror.delete(ref));
    expect(await soon(at.mirror.owed())).toMatchObject([{ copy: 'copy 2', task: 'delete' }]);
    landing.resolve();
    await soon(at.mirror.settled());
    for (const { memory } of at.copies) expect(memory.blobs.size).toBe(0);
    expect(await soon(at.mirror.owed())).toEqual([]);
  });

  it('ends with a put of the same object, also after a restart', async () => {
    const ref = await putEverywhere(small);
    await deletePast(1, ref);
    await soon(at.mirror.put(pieces(small)));
    at.copies[1].fault = undefined;
    await restart();
    expect(await soon(read(at.mirror, ref))).toEqual(small);
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
    expect(await soon(at.mirror.owed())).toEqual([]);
  });

  it('stands when one put of the same object fails, and ends when another one succeeds', async () => {
    const ref = await putEverywhere(small);
    await deletePast(1, ref);
    at.copies[1].fault = undefined;
    const abort = new AbortController();
    for (const copy of at.copies) copy.delay = 300;
    const aborted = failure(at.mirror.put(pieces(small), { signal: abort.signal }));
    const putting = at.mirror.put(pieces(small));
    await vi.advanceTimersByTimeAsync(100);
    abort.abort(new Error('enough'));
    await soon(aborted);
    await soon(putting);
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
    expect(await soon(read(at.mirror, ref))).toEqual(small);
  });

  it.each([0, 25, 50, 75])(
    'ends for good with the first of two puts of the same object that begin %i ms apart',
    async (milliseconds) => {
      const ref = await putEverywhere(small);
      await deletePast(1, ref);
      await soon(at.mirror.settled());
      const slowly = async (work: () => Promise<void>): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        await work();
      };
      const owe: MirrorState['owe'] = (debts) => slowly(() => state.owe(debts));
      const settle: MirrorState['settle'] = (...what) => slowly(() => state.settle(...what));
      await restart({ state: { ...state, owe, settle } });
      const puts = [at.mirror.put(pieces(small))];
      await vi.advanceTimersByTimeAsync(milliseconds);
      puts.push(at.mirror.put(pieces(small)));
      await soon(Promise.all(puts));
      expect((await state.load()).filter(({ task }) => task === 'delete')).toEqual([]);
      expect(await soon(read(at.mirror, ref))).toEqual(small);
    },
  );

  it('is waited for by a put of the same object, which may be aborted meanwhile', async () => {
    const ref = await putEverywhere(small);
    const owe: MirrorState['owe'] = async (debts) => {
      await new Promise((resolve) => setTimeout(resolve, 2000));
      await state.owe(debts);
    };
    await restart({ state: { ...state, owe } });
    const deleting = at.mirror.delete(ref);
    const abort = new AbortController();
    const putting = failure(at.mirror.put(pieces(small), { signal: abort.signal }));
    await vi.advanceTimersByTimeAsync(100);
    abort.abort('enough');
    expect(await soon(putting)).toBe('enough');
    await soon(deleting);
    await soon(at.mirror.delete(ref));
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([]);
    await putEverywhere(small);
  });

  it('of a copy that the mirror has no more stays owed, and hides nothing', async () => {
    const ref = await putEverywhere(small);
    await deletePast(1, ref);
    await soon(at.mirror.settled());
    const debts = await state.load();
    await state.settle(ref.digest);
    await state.owe(debts.map((debt) => ({ ...debt, copy: 'gone' })));
    at.copies[1].memory.blobs.delete(ref.digest);
    at.copies[1].fault = undefined;
    await restart();
    expect(await soon(at.mirror.owed())).toMatchObject([{ copy: 'gone', task: 'delete' }]);
    await soon(at.mirror.settled());
    await at.copies[0].memory.put(pieces(small));
    expect(await soon(at.mirror.has(ref))).toBe(true);
    await putEverywhere(small);
    expect(await soon(at.mirror.owed())).toEqual([]);
  });
});

describe('a put that a copy missed', () => {
  it('is made up for after a restart', async () => {
    at.copies[2].fault = 'refuse';
    const ref = await soon(at.mirror.put(pieces(small)));
    expect(await soon(at.mirror.owed())).toMatchObject([{ copy: 'copy 2', task: 'restore' }]);
    await restart();
    at.copies[2].fault = undefined;
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
    expect(await soon(at.mirror.owed())).toEqual([]);
  });

  it('stands in the state when the mirror has ended, also where the copy was late first', async () => {
    at.copies[2].fault = 'hang';
    const owe: MirrorState['owe'] = async (debts) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await state.owe(debts);
    };
    await restart({ state: { ...state, owe }, timeout: 300 });
    await soon(at.mirror.put(pieces(small)));
    await soon(at.mirror[Symbol.asyncDispose]());
    expect(await state.load()).toMatchObject([{ copy: 'copy 2', task: 'restore' }]);
  });

  it('is owed no longer when no copy has the object', async () => {
    at.copies[2].fault = 'refuse';
    const { digest } = await soon(at.mirror.put(pieces(small)));
    for (const { memory } of at.copies) memory.blobs.delete(digest);
    at.copies[2].fault = undefined;
    await soon(at.mirror.settled());
    expect(await soon(at.mirror.owed())).toEqual([]);
  });

  it('is owed again after a deletion that reached no copy', async () => {
    at.copies[2].fault = 'refuse';
    const ref = await soon(at.mirror.put(pieces(small)));
    for (const copy of at.copies) copy.fault = 'refuse';
    expect(await soon(failure(at.mirror.delete(ref)))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await soon(at.mirror.owed())).toMatchObject([{ copy: 'copy 2', task: 'restore' }]);
    for (const copy of at.copies) copy.fault = undefined;
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
  });
});

describe('a state that is out of order', () => {
  it('lets nothing be read or written until it has been read', async () => {
    const ref = await putEverywhere(small);
    let broken = true;
    const load: MirrorState['load'] = async () => (broken ? Promise.reject(outage) : []);
    await restart({ state: { ...state, load } });
    const calls = [
      () => read(at.mirror, ref),
      () => at.mirror.put(pieces(large)),
      () => at.mirror.has(ref),
      () => at.mirror.delete(ref),
    ];
    for (const call of calls) expect(await soon(failure(call()))).toBe(outage);
    broken = false;
    expect(await soon(read(at.mirror, ref))).toEqual(small);
  });

  it('lets nothing be deleted', async () => {
    const ref = await putEverywhere(small);
    await restart({ state: { ...state, owe: async () => Promise.reject(outage) } });
    expect(await soon(failure(at.mirror.delete(ref)))).toBe(outage);
    expect(await soon(read(at.mirror, ref))).toEqual(small);
    expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
  });

  it('lets nothing be deleted of which a copy missed the put either', async () => {
    at.copies[2].fault = 'refuse';
    let broken = false;
    const owe: MirrorState['owe'] = async (debts) => (broken ? Promise.reject(outage) : state.owe(debts));
    await restart({ state: { ...state, owe } });
    const ref = await soon(at.mirror.put(pieces(small)));
    broken = true;
    expect(await soon(failure(at.mirror.delete(ref)))).toBe(outage);
    at.copies[2].fault = undefined;
    await soon(at.mirror.settled());
    expect(await soon(read(at.mirror, ref))).toEqual(small);
    expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
  });

  it('is told later of what was made up for', async () => {
    at.copies[2].fault = 'refuse';
    let broken = true;
    const settle: MirrorState['settle'] = async (...what) => (broken ? Promise.reject(outage) : state.settle(...what));
    await restart({ state: { ...state, settle } });
    const ref = await soon(at.mirror.put(pieces(small)));
    at.copies[2].fault = undefined;
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
    expect(await soon(state.load())).toMatchObject([{ copy: 'copy 2', task: 'restore' }]);
    broken = false;
    await soon(read(at.mirror, ref));
    await soon(at.mirror.settled());
    expect(await soon(state.load())).toEqual([]);
  });

  it('deletes no later put when it has written what it said it could not', async () => {
    const ref = await putEverywhere(small);
    const owe: MirrorState['owe'] = async (debts) => {
      await state.owe(debts);
      throw outage;
    };
    await restart({ state: { ...state, owe } });
    expect(await soon(failure(at.mirror.delete(ref)))).toBe(outage);
    await putEverywhere(small);
    await restart();
    expect(await soon(read(at.mirror, ref))).toEqual(small);
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
  });

  it('lets a put fail whose deletion it cannot strike out, and the deletion stands', async () => {
    const ref = await putEverywhere(small);
    await deletePast(1, ref);
    let broken = true;
    const settle: MirrorState['settle'] = async (...what) => (broken ? Promise.reject(outage) : state.settle(...what));
    await restart({ state: { ...state, settle } });
    at.copies[1].fault = undefined;
    expect(await soon(failure(at.mirror.put(pieces(small))))).toBe(outage);
    expect(await soon(at.mirror.has(ref))).toBe(false);
    broken = false;
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([]);
    expect(await soon(at.mirror.owed())).toEqual([]);
  });
});
