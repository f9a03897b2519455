import { concat } from '@medseal/protocol';
import { describe, expect, it, vi } from 'vitest';
import { failure } from '../../test/hospital.ts';
import { duration, large, methodsOf, mirrorDesk, pieces, read, small, soon } from '../../test/mirror-desk.ts';
import { sha256Hex } from '../lib/digest.ts';

const at = mirrorDesk();

describe('putting', () => {
  it('reads the source once, and never further ahead of a slow quorum than the slack', async () => {
    for (const copy of at.copies) copy.delay = 100;
    let given = 0;
    let ahead = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const piece of pieces(large)) {
        given += piece.length;
        ahead = Math.max(ahead, given - Math.min(...at.copies.map(({ taken }) => taken)));
        yield piece;
      }
    }
    at.open(0, { slack: 200_000 });
    await soon(at.mirror.put(counted()));
    expect(given).toBe(large.length);
    expect(ahead).toBeLessThanOrEqual(200_000 + 2 * 65_536);
  });

  it('lets a slow copy hold up the others no longer than the timeout, all its delays together', async () => {
    at.copies[1].delay = 900;
    at.open(0, { timeout: 2000, slack: 100_000 });
    const putting = at.mirror.put(pieces(large));
    expect(await duration(putting)).toBeLessThan(2600);
    const { digest } = await putting;
    expect(at.holders(digest)).toEqual([0, 2]);
    at.copies[1].delay = 0;
    await soon(at.mirror.settled());
    expect(at.holders(digest)).toEqual([0, 1, 2]);
  });

  it('resolves with a quorum, and a copy that is merely behind goes on', async () => {
    at.copies[2].delay = 50;
    const putting = at.mirror.put(pieces(large));
    expect(await duration(putting)).toBeLessThan(500);
    const { digest } = await putting;
    expect(at.holders(digest)).toEqual([0, 1]);
    await soon(at.mirror.settled());
    expect(at.holders(digest)).toEqual([0, 1, 2]);
    expect(at.mirror.repairs.ended).toEqual([]);
  });

  it('does not wait for a copy that takes all bytes and then keeps silent', async () => {
    at.copies[2].has = () => new Promise(() => {});
    at.open(0, { timeout: 2000 });
    const putting = at.mirror.put(pieces(small));
    expect(await duration(putting)).toBeLessThan(200);
    const { digest } = await putting;
    await soon(at.mirror.settled());
    expect(at.holders(digest)).toContain(0);
  });

  it('waits for as many copies as it is told', async () => {
    at.copies[2].fault = 'refuse';
    at.open(0, { writeQuorum: 3 });
    const error = await soon(failure(at.mirror.put(pieces(small))));
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', cause: { message: 'Faults of: copy 2' } });
    expect(at.holders(sha256Hex(small))).toEqual([]);
  });

  it('takes away what a failed put left, and not what was there before', async () => {
    const ref = await soon(at.mirror.put(pieces(small)));
    await soon(at.mirror.settled());
    at.copies[0].fault = at.copies[1].fault = 'refuse';
    for (const bytes of [small, large])
      expect(await soon(failure(at.mirror.put(pieces(bytes))))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    at.copies[0].fault = at.copies[1].fault = undefined;
    await soon(at.mirror.settled());
    expect(at.holders(sha256Hex(large))).toEqual([]);
    expect(await soon(read(at.mirror, ref))).toEqual(small);
  });

  it('takes no copy’s word for another digest', async () => {
    const { put } = methodsOf(at.copies[0]);
    at.copies[0].put = async (blob, options) => ({ ...(await put(blob, options)), digest: `0x${'00'.repeat(32)}` });
    at.open(0, { writeQuorum: 3 });
    expect(await soon(failure(at.mirror.put(pieces(small))))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('uses no memory again that a copy still looks at, whatever another one says', async () => {
    const again = (kept: readonly Uint8Array[]) => pieces(concat(...kept));
    for (const copy of [at.copies[0], at.copies[2]]) {
      const { put } = methodsOf(copy);
      copy.put = async (blob, options) => {
        const kept: Uint8Array[] = [];
        for await (const piece of blob) {
          kept.push(piece.slice());
          for (let time = 0; time < 2; time++) options?.recycle?.(piece);
        }
        return put(again(kept), { digest: options?.digest });
      };
    }
    const { put } = methodsOf(at.copies[1]);
    let reused = 0;
    at.copies[1].put = async (blob, options) => {
      const held: Uint8Array[] = [];
      const seen = new Set<ArrayBufferLike>();
      for await (const piece of blob) {
        if (seen.has(piece.buffer)) reused++;
        seen.add(piece.buffer);
        held.push(piece);
        const [first] = held.length > 8 ? held.splice(0, 1, (held[0] ?? piece).slice()) : [];
        if (first !== undefined) options?.recycle?.(first);
      }
      return put(again(held), { digest: options?.digest });
    };
    const { digest } = await soon(at.mirror.put(pieces(large)));
    await soon(at.mirror.settled());
    expect(at.holders(digest)).toEqual([0, 1, 2]);
    expect(digest).toBe(sha256Hex(large));
    expect(reused).toBeGreaterThan(0);
  });

  it('tells each copy its own locator again', async () => {
    const seen: string[] = [];
    const { put, get } = methodsOf(at.copies[1]);
    at.copies[1].put = async (blob, options) => ({ ...(await put(blob, options)), locator: 'bafy&=?' });
    at.copies[1].get = (ref, options) => {
      seen.push(ref.locator);
      return get(ref, options);
    };
    at.open(1);
    const ref = await soon(at.mirror.put(pieces(small)));
    await soon(at.mirror.settled());
    expect(ref.locator.length).toBeLessThanOrEqual(1024);
    await soon(read(at.open(1), ref));
    await soon(read(at.open(1), { ...ref, locator: 'file:abc' }));
    expect(seen).toEqual(['bafy&=?', 'file:abc']);
  });
});

describe('aborting', () => {
  const reason = new Error('enough');

  it.each([0, 1, 20, 40])('leaves nothing of a put after %i pieces, also at copies that hang', async (wanted) => {
    const abort = new AbortController();
    at.copies[1].fault = wanted === 20 ? 'hang' : undefined;
    async function* source(): AsyncGenerator<Uint8Array> {
      let given = 0;
      for await (const piece of pieces(large)) {
        if (given++ === wanted) abort.abort(reason);
        yield piece;
      }
    }
    at.open(0, { timeout: 500 });
    expect(await soon(failure(at.mirror.put(source(), { signal: abort.signal })))).toBe(reason);
    await vi.advanceTimersByTimeAsync(2000);
    for (const { memory } of at.copies) expect(memory.blobs.size).toBe(0);
  });

  it('leaves nothing when some copies have the object already', async () => {
    const abort = new AbortController();
    at.copies[1].delay = at.copies[2].delay = 300;
    const putting = failure(at.mirror.put(pieces(small), { signal: abort.signal }));
    await vi.advanceTimersByTimeAsync(500);
    expect(at.holders(sha256Hex(small))).toEqual([0]);
    abort.abort(reason);
    expect(await soon(putting)).toBe(reason);
    await vi.advanceTimersByTimeAsync(1000);
    expect(at.holders(sha256Hex(small))).toEqual([]);
  });

  it('takes away nothing that another put of the same object is about to have', async () => {
    const abort = new AbortController();
    at.copies[1].delay = at.copies[2].delay = 300;
    const aborted = failure(at.mirror.put(pieces(small), { signal: abort.signal }));
    const putting = at.mirror.put(pieces(small));
    await vi.advanceTimersByTimeAsync(100);
    abort.abort(reason);
    expect(await soon(aborted)).toBe(reason);
    const { digest } = await soon(putting);
    await soon(at.mirror.settled());
    expect(at.holders(digest)).toEqual([0, 1, 2]);
    expect(at.mirror.repairs.ended).toEqual([]);
  });

  it('does not touch copies that go on after the put has resolved', async () => {
    const abort = new AbortController();
    at.copies[2].delay = 50;
    const { digest } = await soon(at.mirror.put(pieces(large), { signal: abort.signal }));
    abort.abort(reason);
    await soon(at.mirror.settled());
    expect(at.holders(digest)).toEqual([0, 1, 2]);
  });

  it('ends a read and a scrub at once', async () => {
    const ref = await soon(at.mirror.put(pieces(large)));
    await soon(at.mirror.settled());
    for (const copy of at.copies) copy.fault = 'hang';
    for (const call of [
      (signal: AbortSignal) => read(at.mirror, ref, { signal }),
      (signal: AbortSignal) => at.mirror.has(ref, { signal }),
      (signal: AbortSignal) => at.mirror.settled({ signal }).then(() => at.mirror.delete(ref, { signal })),
    ]) {
      const abort = new AbortController();
      setTimeout(() => abort.abort(reason), 100);
      expect(await duration(failure(call(abort.signal)).then((error) => expect(error).toBe(reason)))).toBeLessThan(200);
    }
  });

  it('ends all work when the mirror is closed', async () => {
    at.copies[2].fault = 'refuse';
    await soon(at.mirror.put(pieces(large)));
    expect(at.mirror.repairs.waiting + at.mirror.repairs.running).toBe(1);
    await soon(at.mirror[Symbol.asyncDispose]());
    expect(at.mirror.repairs).toMatchObject({ waiting: 0, running: 0 });
  });
});
