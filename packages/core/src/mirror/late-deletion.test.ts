import { expect, it, vi } from 'vitest';
import { failure } from '../../test/hospital.ts';
import { methodsOf, mirrorDesk, pieces, read, small, soon } from '../../test/mirror-desk.ts';

const at = mirrorDesk();

/** From now on each copy deletes when it is told to, however long ago it was asked. */
function holdDeletions(): () => void {
  const held = Promise.withResolvers<void>();
  for (const copy of at.copies) {
    copy.delete = async (ref) => {
      await held.promise;
      await copy.memory.delete(ref);
    };
  }
  return held.resolve;
}

it('takes nothing away that was put again after it had been given up', async () => {
  at.open(0, { timeout: 500 });
  const ref = await soon(at.mirror.put(pieces(small)));
  await soon(at.mirror.settled());
  const land = holdDeletions();
  expect(await soon(failure(at.mirror.delete(ref)))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(await soon(failure(at.mirror.put(pieces(small))))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  const putting = at.mirror.put(pieces(small));
  await vi.advanceTimersByTimeAsync(400);
  land();
  await soon(putting);
  await soon(at.mirror.settled());
  expect(await soon(read(at.mirror, ref))).toEqual(small);
  expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
});

it('of what a failed put has left takes nothing away from a put that follows', async () => {
  const abort = new AbortController();
  for (const copy of at.copies.slice(1)) copy.delay = 1000;
  const land = holdDeletions();
  const aborted = failure(at.mirror.put(pieces(small), { signal: abort.signal }));
  await vi.advanceTimersByTimeAsync(100);
  abort.abort('enough');
  await vi.advanceTimersByTimeAsync(100);
  for (const copy of at.copies) copy.delay = 0;
  const putting = at.mirror.put(pieces(small));
  await vi.advanceTimersByTimeAsync(100);
  land();
  await soon(aborted);
  const ref = await soon(putting);
  await soon(at.mirror.settled());
  expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
});

async function* given(bytes: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* bytes;
}

it('takes away what lands between the deletion and its answer', async () => {
  const [landing, answering] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { memory } = at.copies[2];
  const { put } = methodsOf(at.copies[2]);
  at.copies[2].put = async (blob, options) => {
    const bytes = await Array.fromAsync(blob);
    await landing.promise;
    return put(given(bytes), { digest: options?.digest });
  };
  at.copies[2].delete = async (ref) => {
    await memory.delete(ref);
    await answering.promise;
  };
  const ref = await soon(at.mirror.put(pieces(small)));
  const deleting = at.mirror.delete(ref);
  await vi.advanceTimersByTimeAsync(100);
  landing.resolve();
  await vi.advanceTimersByTimeAsync(100);
  expect(at.holders(ref.digest)).toEqual([2]);
  answering.resolve();
  await soon(deleting);
  await soon(at.mirror.settled());
  expect(at.holders(ref.digest)).toEqual([]);
});
