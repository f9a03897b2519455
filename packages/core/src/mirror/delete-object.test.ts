import { describe, expect, it, vi } from 'vitest';
import { failure } from '../../test/hospital.ts';
import { large, mirrorDesk, pieces, read, small, soon } from '../../test/mirror-desk.ts';
import { StoreUnavailableError } from '../errors/store-errors.ts';

const at = mirrorDesk();

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

  it('is never undone by a repair, whether that waits or runs', async () => {
    at.copies[2].fault = 'refuse';
    const ref = await soon(at.mirror.put(pieces(large)));
    at.copies[2].fault = undefined;
    at.copies[2].delay = 30;
    await vi.advanceTimersByTimeAsync(1050);
    expect(at.mirror.repairs.running).toBe(1);
    await soon(at.mirror.delete(ref));
    await soon(at.mirror.settled());
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
