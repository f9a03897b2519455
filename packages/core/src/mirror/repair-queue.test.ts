import type { Hex } from '@medseal/protocol';
import { describe, expect, it, vi } from 'vitest';
import type { StoreFault } from '../../test/faulty-store.ts';
import { duration, flipBit, large, mirrorDesk, pieces, read, small, soon } from '../../test/mirror-desk.ts';
import { sha256Hex } from '../lib/digest.ts';
import type { BlobRef } from '../ports/store.ts';
import { Copy } from './copy.ts';
import { RepairQueue } from './repair-queue.ts';

const at = mirrorDesk();

describe('repairing', () => {
  it('keeps to its bandwidth, all repairs together', async () => {
    at.copies[2].fault = 'refuse';
    at.open(0, { repair: { bytesPerSecond: 1_000_000, concurrency: 3 } });
    for (const shift of [0, 1, 2]) await soon(at.mirror.put(pieces(large.slice(shift))));
    at.copies[2].fault = undefined;
    const waited = await duration(at.mirror.settled());
    const seconds = (3 * large.length) / 1_000_000;
    expect(waited / 1000).toBeGreaterThan(seconds - 0.5);
    expect(waited / 1000).toBeLessThan(seconds + 3);
    for (const shift of [0, 1, 2]) expect(at.holders(sha256Hex(large.slice(shift)))).toEqual([0, 1, 2]);
  });

  it('runs no more at a time than it is told', async () => {
    at.copies[2].fault = 'refuse';
    at.open(0, { repair: { concurrency: 2 } });
    for (let shift = 0; shift < 6; shift++) await soon(at.mirror.put(pieces(large.slice(shift))));
    at.copies[2].fault = undefined;
    at.copies[2].delay = 10;
    let most = 0;
    const settled = at.mirror.settled();
    for (let turn = 0; turn < 200; turn++) {
      await vi.advanceTimersByTimeAsync(20);
      most = Math.max(most, at.mirror.repairs.running);
    }
    await soon(settled);
    expect(most).toBe(2);
    expect(at.mirror.repairs.ended).toHaveLength(6);
  });

  it('goes on when who is told of it throws', async () => {
    const onRepair = vi.fn<() => void>(() => {
      throw new Error('The test’s listener');
    });
    at.copies[2].fault = 'refuse';
    at.open(0, { onRepair });
    const ref = await soon(at.mirror.put(pieces(small)));
    at.copies[2].fault = undefined;
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
    expect(onRepair).toHaveBeenCalledOnce();
  });

  it('never tries without a pause, however often it is to try', async () => {
    at.copies[2].fault = 'refuse';
    at.open(0, { repair: { attempts: Infinity } });
    await soon(at.mirror.put(pieces(small)));
    const tried = vi.spyOn(at.copies[2], 'get');
    // Behind pauses of 1, 2, 4 … 2^21 seconds; no timer runs for 2^22.
    await vi.advanceTimersByTimeAsync(2 ** 22 * 1000);
    expect(tried).toHaveBeenCalledTimes(22);
    await vi.advanceTimersByTimeAsync(1000);
    expect(tried).toHaveBeenCalledTimes(22);
  });

  it('gives up after its attempts and says why; a scrub finds what is left', async () => {
    const told: unknown[] = [];
    at.copies[2].fault = 'refuse';
    at.open(0, { repair: { attempts: 3 }, onRepair: (event) => void told.push(event.outcome) });
    const ref = await soon(at.mirror.put(pieces(small)));
    expect(await duration(at.mirror.settled())).toBeGreaterThan(2900);
    expect(told).toEqual(['failed']);
    expect(at.mirror.repairs.ended).toMatchObject([{ error: { code: 'STORE_UNAVAILABLE' } }]);
    at.copies[2].fault = undefined;
    const report = await soon(at.mirror.scrub());
    expect(report.copies.get('copy 2')).toMatchObject({ missing: [ref.digest], repaired: [ref.digest] });
    expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
  });

  it.each<[StoreFault, boolean]>([
    ['keep', true],
    ['lie', false],
  ])('reads back what it restored: a copy that does "%s" is healed: %s', async (fault, healed) => {
    const ref = await soon(at.mirror.put(pieces(small)));
    await soon(at.mirror.settled());
    flipBit(at.copies[0].memory.blobs, ref.digest);
    at.copies[0].fault = fault;
    expect(await soon(read(at.mirror, ref))).toEqual(small);
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest).includes(0)).toBe(healed);
    expect(at.mirror.repairs.ended).toMatchObject([{ outcome: healed ? 'done' : 'failed' }]);
  });

  it('spreads no damage: what has another digest is never restored from', async () => {
    const ref = await soon(at.mirror.put(pieces(large)));
    await soon(at.mirror.settled());
    flipBit(at.copies[0].memory.blobs, ref.digest);
    at.copies[1].memory.blobs.delete(ref.digest);
    const report = await soon(at.mirror.scrub());
    expect(report.copies.get('copy 0')).toMatchObject({ damaged: [ref.digest] });
    await soon(at.mirror.scrub());
    expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
  });
});

describe('scrubbing', () => {
  it('tells of each copy what it found and what it repaired', async () => {
    const refs: BlobRef[] = [];
    for (const shift of [0, 1, 2, 3]) refs.push(await soon(at.mirror.put(pieces(small.slice(shift)))));
    await soon(at.mirror.settled());
    const [a, b, c, d] = refs.map(({ digest }) => digest) as [Hex, Hex, Hex, Hex];
    flipBit(at.copies[0].memory.blobs, a);
    at.copies[1].memory.blobs.delete(b);
    at.copies[1].memory.blobs.delete(c);
    const told: number[] = [];
    const dry = await soon(at.mirror.scrub({ repair: false, onProgress: (objects) => void told.push(objects) }));
    expect(told).toEqual([1, 2, 3, 4]);
    const nothing = { missing: [], damaged: [], repaired: [], unreachable: [], removed: [] };
    expect(dry).toEqual({
      objects: 4,
      lost: [],
      copies: new Map([
        ['copy 0', { ...nothing, checked: 4, damaged: [a] }],
        ['copy 1', { ...nothing, checked: 4, missing: [b, c] }],
        ['copy 2', { ...nothing, checked: 4 }],
      ]),
    });
    const report = await soon(at.mirror.scrub({ refs: [...refs, ...refs] }));
    expect(report.objects).toBe(4);
    expect(report.copies.get('copy 0')?.repaired).toEqual([a]);
    expect(report.copies.get('copy 1')?.repaired).toEqual([b, c]);
    for (const digest of [a, b, c, d]) expect(at.holders(digest)).toEqual([0, 1, 2]);
  });
});

it('takes a job again while the same one is being given up', async () => {
  const held = Promise.withResolvers<void>();
  const run = vi.fn<() => Promise<'done'>>(async () => {
    await held.promise;
    return 'done';
  });
  const queue = new RepairQueue({ concurrency: 1, attempts: 1, run, onEvent: () => {} });
  const ref = { digest: sha256Hex(small), size: small.length, locator: '' };
  const job = { copy: new Copy('a', at.copies[0]), ref, task: 'restore' } as const;
  queue.add(job);
  const cancelled = queue.cancel(ref.digest);
  queue.add(job);
  queue.add(job);
  held.resolve();
  await soon(Promise.all([cancelled, queue.settled()]));
  expect(run).toHaveBeenCalledTimes(2);
});
