import { describe, expect, it, vi } from 'vitest';
import { failure } from '../../test/hospital.ts';
import { duration, flipBit, large, mirrorDesk, pieces, read, small, soon } from '../../test/mirror-desk.ts';
import { sha256Hex } from '../lib/digest.ts';
import type { BlobRef } from '../ports/store.ts';

const at = mirrorDesk();

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
