import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failure } from '../../test/hospital.ts';
import {
  closeDesk,
  duration,
  flipBit,
  large,
  pieces,
  read,
  small,
  soon,
  openDesk,
  type MirrorDesk,
} from '../../test/mirror-desk.ts';
import { StoreUnavailableError } from '../errors/store-errors.ts';
import { sha256Hex } from '../lib/digest.ts';
import type { BlobRef } from '../ports/store.ts';

let at: MirrorDesk;
beforeEach(() => {
  at = openDesk();
});
afterEach(() => closeDesk(at));

describe('reading', () => {
  it('calls an object absent only when every copy has said so', async () => {
    const ref: BlobRef = { digest: sha256Hex(small), size: small.length, locator: '' };
    expect(await soon(failure(read(at.mirror, ref)))).toMatchObject({ code: 'ABSENT' });
    expect(await soon(at.mirror.has(ref))).toBe(false);
    for (const fault of ['hang', 'refuse'] as const) {
      at.copies[1].fault = fault;
      expect(await soon(failure(read(at.mirror, ref)))).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
      expect(await soon(failure(at.mirror.has(ref)))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    }
  });

  it('says so when no copy is whole', async () => {
    const ref = await soon(at.mirror.put(pieces(small)));
    await soon(at.mirror.settled());
    for (const { memory } of at.copies) flipBit(memory.blobs, ref.digest);
    expect(await soon(failure(read(at.mirror, ref)))).toMatchObject({ code: 'UNFAITHFUL_STORE' });
    expect((await soon(at.mirror.scrub())).lost).toEqual([ref.digest]);
  });

  it('asks a second copy when the first keeps it waiting, and the quick one first from then on', async () => {
    const ref = await soon(at.mirror.put(pieces(small)));
    await soon(at.mirror.settled());
    at.copies[0].delay = 2000;
    at.open(0);
    expect(await duration(read(at.mirror, ref))).toBeLessThan(300);
    expect(await duration(read(at.mirror, ref))).toBeLessThan(300);
    at.copies[0].delay = 0;
    await vi.advanceTimersByTimeAsync(5000);
    expect(await duration(read(at.mirror, ref))).toBeLessThan(50);
    expect(at.mirror.health.find(({ name }) => name === 'copy 1')).toMatchObject({ faults: 0 });
  });

  it('asks a copy that failed last, until it has rested', async () => {
    const ref = await soon(at.mirror.put(pieces(small)));
    await soon(at.mirror.settled());
    at.copies[0].fault = 'refuse';
    at.open(0);
    await soon(read(at.mirror, ref));
    expect(at.mirror.health[0]).toMatchObject({ name: 'copy 0', faults: 1 });
    at.copies[0].fault = undefined;
    const asked = vi.spyOn(at.copies[0], 'get');
    await soon(read(at.mirror, ref));
    expect(asked).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    for (const copy of [at.copies[1], at.copies[2]]) copy.fault = 'refuse';
    await soon(read(at.mirror, ref));
    expect(at.mirror.health[0]).toMatchObject({ faults: 0 });
  });

  it('goes on from a slow copy when the quicker one fails in the middle', async () => {
    const ref = await soon(at.mirror.put(pieces(large)));
    await soon(at.mirror.settled());
    at.copies[0].delay = 400;
    at.copies[1].fault = 'stop';
    at.copies[2].fault = 'refuse';
    at.open(0, { timeout: 500 });
    expect(sha256Hex(await soon(read(at.mirror, ref)))).toBe(ref.digest);
  });

  it('holds nothing against a copy but what it did itself', async () => {
    const ref = await soon(at.mirror.put(pieces(large)));
    await soon(at.mirror.settled());
    at.copies[0].delay = 2000;
    at.open(0);
    await soon(read(at.mirror, ref));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(at.mirror.health.map(({ faults }) => faults)).toEqual([0, 0, 0]);
    for (const copy of at.copies) copy.delay = 50;
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 400);
    await soon(failure(read(at.mirror, ref, { signal: abort.signal })));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(at.mirror.health.map(({ faults }) => faults)).toEqual([0, 0, 0]);
  });

  it('reads ranges from any copy, and goes on from another in the middle', async () => {
    const ref = await soon(at.mirror.put(pieces(large)));
    await soon(at.mirror.settled());
    at.open(0, { timeout: 500 });
    at.copies[0].fault = 'stop';
    const [start, end] = [70_000, 2_000_000];
    const range = await soon(read(at.mirror, ref, { start, end }));
    expect(sha256Hex(range)).toBe(sha256Hex(large.slice(start, end)));
    for (const none of [{ start: -1 }, { start: 2, end: 1 }, { end: large.length + 1 }])
      expect(await soon(failure(read(at.mirror, ref, none)))).toBeInstanceOf(RangeError);
  });
});

describe('deleting', () => {
  it('names the copy that could not, and takes the object away there as soon as it can', async () => {
    const ref = await soon(at.mirror.put(pieces(small)));
    await soon(at.mirror.settled());
    at.copies[1].fault = 'refuse';
    expect(await soon(failure(at.mirror.delete(ref)))).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: 'Not deleted at: copy 1',
    });
    expect(await soon(at.mirror.has(ref))).toBe(false);
    expect(await soon(failure(read(at.mirror, ref)))).toMatchObject({ code: 'ABSENT' });
    at.copies[1].fault = undefined;
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([]);
    expect(at.mirror.repairs.ended).toMatchObject([{ copy: 'copy 1', task: 'delete', outcome: 'done' }]);
  });

  it('is never undone by a repair, whether that waits, runs, or comes from a scrub', async () => {
    at.copies[2].fault = 'refuse';
    const ref = await soon(at.mirror.put(pieces(large)));
    at.copies[2].fault = undefined;
    at.copies[2].delay = 30;
    await vi.advanceTimersByTimeAsync(1050);
    expect(at.mirror.repairs.running).toBe(1);
    await soon(at.mirror.delete(ref));
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([]);
    await at.copies[1].memory.put(pieces(large));
    const report = await soon(at.mirror.scrub({ refs: [ref] }));
    expect(report.copies.get('copy 1')).toMatchObject({ removed: [ref.digest], repaired: [] });
    expect(at.holders(ref.digest)).toEqual([]);
  });

  it('reaches a copy that is still busy with the put', async () => {
    at.copies[2].delay = 50;
    const ref = await soon(at.mirror.put(pieces(large)));
    expect(at.holders(ref.digest)).toEqual([0, 1]);
    at.copies[2].delay = 5;
    await soon(at.mirror.delete(ref));
    await soon(at.mirror.settled());
    for (const { memory } of at.copies) expect(memory.blobs.size).toBe(0);
  });

  it('is not undone for one copy by another that still has it', async () => {
    at.copies[1].fault = 'hang';
    at.open(0, { timeout: 300 });
    const ref = await soon(at.mirror.put(pieces(small)));
    at.copies[2].fault = 'refuse';
    await soon(failure(at.mirror.delete(ref)));
    at.copies[1].fault = undefined;
    await vi.advanceTimersByTimeAsync(500);
    expect(at.holders(ref.digest)).toEqual([2]);
    at.copies[2].fault = undefined;
    await soon(at.mirror.settled());
    for (const { memory } of at.copies) expect(memory.blobs.size).toBe(0);
  });

  it('does not stand in the way of putting the same again', async () => {
    const ref = await soon(at.mirror.put(pieces(small)));
    at.copies[1].fault = 'refuse';
    await soon(failure(at.mirror.delete(ref)));
    at.copies[1].fault = undefined;
    await soon(at.mirror.put(pieces(small)));
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
    expect(await soon(read(at.mirror, ref))).toEqual(small);
  });

  it('stays done when it is called again and reaches no copy', async () => {
    const ref = await soon(at.mirror.put(pieces(small)));
    await soon(at.mirror.settled());
    at.copies[1].fault = 'refuse';
    await soon(failure(at.mirror.delete(ref)));
    for (const copy of at.copies) copy.fault = 'refuse';
    expect(await soon(failure(at.mirror.delete(ref)))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    for (const copy of at.copies) copy.fault = undefined;
    expect(await soon(at.mirror.has(ref))).toBe(false);
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([]);
  });

  it('goes on at a copy that was out of reach when putting the same again fails', async () => {
    const ref = await soon(at.mirror.put(pieces(small)));
    await soon(at.mirror.settled());
    at.copies[1].fault = 'refuse';
    await soon(failure(at.mirror.delete(ref)));
    for (const copy of [at.copies[0], at.copies[2]])
      copy.put = async (blob) => {
        for await (const _ of blob);
        throw new StoreUnavailableError('The test’s disk is full');
      };
    await soon(failure(at.mirror.put(pieces(small))));
    for (const copy of at.copies) copy.fault = undefined;
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([]);
  });

  it('deletes nowhere or says where not', async () => {
    const ref = await soon(at.mirror.put(pieces(small)));
    await soon(at.mirror.settled());
    for (const copy of at.copies) copy.fault = 'refuse';
    expect(await soon(failure(at.mirror.delete(ref)))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    for (const copy of at.copies) copy.fault = undefined;
    expect(await soon(read(at.mirror, ref))).toEqual(small);
  });
});
