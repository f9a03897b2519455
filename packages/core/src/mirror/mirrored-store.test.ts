import { concat, type Hex } from '@medseal/protocol';
import { describe, expect, it } from 'vitest';
import { failure } from '../../test/hospital.ts';
import type { FaultyStore } from '../../test/faulty-store.ts';
import { duration, flipBit, large, mirrorDesk, pieces, read, small, soon } from '../../test/mirror-desk.ts';
import { sha256Hex } from '../lib/digest.ts';
import { mirroredStore } from './mirrored-store.ts';

const at = mirrorDesk();

/** What may happen to an object behind the back of its copy. */
const damages = {
  delete: (blobs: Map<Hex, Uint8Array>, digest: Hex) => blobs.delete(digest),
  truncate: (blobs: Map<Hex, Uint8Array>, digest: Hex) => blobs.set(digest, bytesAt(blobs, digest).slice(0, -1)),
  'cut in half': (blobs: Map<Hex, Uint8Array>, digest: Hex) =>
    blobs.set(digest, bytesAt(blobs, digest).slice(0, bytesAt(blobs, digest).length / 2)),
  'add a byte to': (blobs: Map<Hex, Uint8Array>, digest: Hex) =>
    blobs.set(digest, concat(bytesAt(blobs, digest), Uint8Array.of(0))),
  empty: (blobs: Map<Hex, Uint8Array>, digest: Hex) => blobs.set(digest, new Uint8Array()),
};

function bytesAt(blobs: Map<Hex, Uint8Array>, digest: Hex): Uint8Array {
  return blobs.get(digest) ?? new Uint8Array();
}

describe.each([0, 1, 2])('with copy %i out of order', (bad) => {
  const sizes = [
    ['a small', small],
    ['a large', large],
  ] as const;
  const cases = Object.entries(damages).flatMap(([name, damage]) =>
    sizes.map(([size, bytes]) => ({ name: `${name} ${size} object`, damage, bytes })),
  );

  it.each(cases)('$name: it is read all the same, and the copy is healed', async ({ damage, bytes, name }) => {
    const ref = await soon(at.mirror.put(pieces(bytes)));
    await soon(at.mirror.settled());
    damage((at.copies[bad] as FaultyStore).memory.blobs, ref.digest);
    at.open(bad);
    expect(sha256Hex(await soon(read(at.mirror, ref)))).toBe(ref.digest);
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
    const event = { copy: `copy ${bad}`, digest: ref.digest, task: 'restore', outcome: 'done' };
    expect(at.mirror.repairs, name).toEqual({ waiting: 0, running: 0, ended: [event] });
  });

  it('flip a bit of a small object: nobody sees it, and the copy is healed', async () => {
    const ref = await soon(at.mirror.put(pieces(small)));
    flipBit((at.copies[bad] as FaultyStore).memory.blobs, ref.digest);
    at.open(bad);
    expect(await soon(read(at.mirror, ref))).toEqual(small);
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
  });

  it('flip a bit of a large object: the read does not end well, the next one does, and the copy is healed', async () => {
    const ref = await soon(at.mirror.put(pieces(large)));
    flipBit((at.copies[bad] as FaultyStore).memory.blobs, ref.digest);
    at.open(bad);
    expect(await soon(failure(read(at.mirror, ref)))).toMatchObject({ code: 'UNFAITHFUL_STORE' });
    expect(sha256Hex(await soon(read(at.mirror, ref)))).toBe(ref.digest);
    await soon(at.mirror.settled());
    expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
  });

  it.each(['hang', 'refuse', 'stop'] as const)('%s: it is read all the same, in bounded time', async (fault) => {
    const ref = await soon(at.mirror.put(pieces(large)));
    await soon(at.mirror.settled());
    const copy = at.copies[bad] as FaultyStore;
    copy.fault = fault;
    at.open(bad, { timeout: 1000 });
    expect(await duration(read(at.mirror, ref))).toBeLessThan(1500);
    expect(sha256Hex(await soon(read(at.mirror, ref)))).toBe(ref.digest);
    expect((await soon(at.mirror.scrub({ refs: [ref] }))).copies.get(`copy ${bad}`)).toMatchObject({
      unreachable: [ref.digest],
      missing: [],
      damaged: [],
    });
  });

  it.each(['hang', 'refuse', 'full'] as const)(
    '%s: it is written all the same, and the copy catches up',
    async (fault) => {
      const copy = at.copies[bad] as FaultyStore;
      copy.fault = fault;
      at.open(bad, { timeout: 1000 });
      const putting = at.mirror.put(pieces(large));
      expect(await duration(putting)).toBeLessThan(2500);
      const ref = await putting;
      expect(at.holders(ref.digest)).toHaveLength(2);
      copy.fault = undefined;
      await soon(at.mirror.settled());
      expect(at.holders(ref.digest)).toEqual([0, 1, 2]);
      expect(at.mirror.repairs.ended).toMatchObject([{ copy: `copy ${bad}`, outcome: 'done' }]);
    },
  );
});

it('has endless patience where it is told so', async () => {
  at.open(0, { timeout: Infinity, hedgeAfter: Infinity });
  for (const copy of at.copies) copy.delay = 60_000;
  const ref = await soon(at.mirror.put(pieces(small)));
  expect(await soon(read(at.mirror, ref))).toEqual(small);
  await soon(at.mirror.settled());
  expect(at.mirror.health.map(({ faults }) => faults)).toEqual([0, 0, 0]);
});

it.each([
  { writeQuorum: 0 },
  { writeQuorum: 4 },
  { writeQuorum: 1.5 },
  { timeout: 0 },
  { slack: -1 },
  { hedgeAfter: Number.NaN },
  { repair: { concurrency: 0 } },
  { repair: { bytesPerSecond: 0 } },
])('refuses options that make no sense: %j', (options) => {
  expect(() => at.open(0, options)).toThrow(RangeError);
  expect(() => mirroredStore({})).toThrow(RangeError);
});
