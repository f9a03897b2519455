import { deepStrictEqual, ok } from 'node:assert/strict';
import type { Hex } from '@medseal/protocol';
import fc from 'fast-check';
import { it, vi } from 'vitest';
import { type FaultyStore, faultyStore } from '../../test/faulty-store.ts';
import { flipBit, pieces, read, soon } from '../../test/mirror-desk.ts';
import { sha256Hex } from '../lib/digest.ts';
import { memoryMirrorState } from '../memory/memory-mirror-state.ts';
import type { MirrorState } from '../ports/mirror-state.ts';
import type { BlobRef } from '../ports/store.ts';
import { type MirroredStore, mirroredStore } from './mirrored-store.ts';

const contents = [800, 5000, 200_000].map((size, seed) => new Uint8Array(size).fill(seed + 1));
const object = fc.nat(contents.length - 1);
const copy = fc.nat(2);

/** One thing that happens. Only copy `bad` of a run is ever damaged or out of order: the other two are a quorum. */
const event = fc.oneof(
  fc.record({ what: fc.constant('put' as const), object }),
  fc.record({ what: fc.constant('get' as const), object }),
  fc.record({ what: fc.constant('delete' as const), object }),
  fc.record({ what: fc.constant('damage' as const), object, how: fc.constantFrom('lose', 'cut', 'flip') }),
  fc.record({
    what: fc.constant('fault' as const),
    fault: fc.constantFrom('hang', 'refuse', 'full', 'stop', undefined),
  }),
  fc.record({ what: fc.constant('restart' as const) }),
  fc.record({ what: fc.constant('wait' as const), milliseconds: fc.nat(5000) }),
);

function damage(blobs: Map<Hex, Uint8Array>, digest: Hex, how: string): void {
  const bytes = blobs.get(digest);
  if (bytes === undefined) return;
  if (how === 'lose') blobs.delete(digest);
  else if (how === 'cut') blobs.set(digest, bytes.slice(0, bytes.length >> 1));
  else flipBit(blobs, digest);
}

type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

/** Plays the events and holds each answer against what must be. */
class Play {
  readonly copies: readonly FaultyStore[] = [faultyStore(), faultyStore(), faultyStore()];
  readonly standing = new Map<Hex, BlobRef>();
  readonly bad: FaultyStore;
  readonly state: MirrorState = { ...memoryMirrorState(), durable: true };
  mirror: MirroredStore;

  constructor(bad: number) {
    this.bad = this.copies[bad] as FaultyStore;
    this.mirror = this.#open();
  }

  async happen(one: Event): Promise<void> {
    if (one.what === 'fault') this.bad.fault = one.fault;
    else if (one.what === 'restart') {
      await soon(this.mirror[Symbol.asyncDispose]());
      this.mirror = this.#open();
    } else if (one.what === 'wait') await vi.advanceTimersByTimeAsync(one.milliseconds);
    else {
      const bytes = contents[one.object] ?? new Uint8Array();
      const digest = sha256Hex(bytes);
      const ref = this.standing.get(digest) ?? { digest, size: bytes.length, locator: '' };
      if (one.what === 'put') this.standing.set(digest, await soon(this.mirror.put(pieces(bytes))));
      else if (one.what === 'get') await this.#get(ref);
      else if (one.what === 'damage') damage(this.bad.memory.blobs, digest, one.how);
      else {
        // At the bad copy it may have to wait; for the mirror it is deleted.
        await soon(this.mirror.delete(ref));
        this.standing.delete(digest);
      }
    }
  }

  /** Once the bad copy works again. */
  async end(): Promise<void> {
    this.bad.fault = undefined;
    await soon(this.mirror.settled());
    await soon(this.mirror.scrub({ refs: this.standing.values() }));
    await soon(this.mirror.settled());
    deepStrictEqual(await this.state.load(), []);
    for (const { memory } of this.copies) {
      deepStrictEqual([...memory.blobs.keys()].toSorted(), [...this.standing.keys()].toSorted());
      for (const [digest, bytes] of memory.blobs) deepStrictEqual(sha256Hex(bytes), digest);
    }
    await soon(this.mirror[Symbol.asyncDispose]());
  }

  #open(): MirroredStore {
    const named = this.copies.map((one, index) => [`copy ${index}`, one] as const);
    return mirroredStore(Object.fromEntries(named), { timeout: 300, verifyAhead: 1000, state: this.state });
  }

  /** What ends well is the object. A large one may end badly once; then the mirror knows better. */
  async #get(ref: BlobRef): Promise<void> {
    const stands = this.standing.has(ref.digest);
    for (const last of [false, true]) {
      const found = await soon(
        read(this.mirror, ref).then(
          (bytes) => sha256Hex(bytes),
          (error: unknown) => (error as { readonly code: string }).code,
        ),
      );
      if (!stands) {
        ok(['ABSENT', 'STORE_UNAVAILABLE', 'UNFAITHFUL_STORE'].includes(found));
        return;
      }
      if (found === ref.digest) return;
      deepStrictEqual([last, found], [false, 'UNFAITHFUL_STORE']);
    }
  }
}

it('gives right bytes or none, and ends whole everywhere, whatever befalls one of three copies', async () => {
  vi.useFakeTimers();
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 14 }), copy, async (events, bad) => {
        const playing = new Play(bad);
        for (const one of events) await playing.happen(one);
        await playing.end();
      }),
      { numRuns: 150, seed: 4 },
    );
  } finally {
    vi.useRealTimers();
  }
});
