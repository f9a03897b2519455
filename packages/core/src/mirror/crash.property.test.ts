import { deepStrictEqual, notDeepStrictEqual } from 'node:assert/strict';
import type { Hex } from '@medseal/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type CrashingCopies, crashingCopies } from '../../test/crashing-copies.ts';
import { pieces, read, soon } from '../../test/mirror-desk.ts';
import { StoreUnavailableError } from '../errors/store-errors.ts';
import { sha256Hex } from '../lib/digest.ts';
import type { BlobRef } from '../ports/store.ts';
import type { MirroredStore } from './mirrored-store.ts';

const content = new Uint8Array(5000).fill(7);
const digest: Hex = sha256Hex(content);
const ref: BlobRef = { digest, size: content.length, locator: '' };

type Call = 'put' | 'delete' | 'get' | 'scrub' | 'settle';

interface Step {
  /** Calls at the same time. */
  readonly what: Call | readonly Call[];
  /** Copies that are out of reach meanwhile. */
  readonly down: readonly number[];
}

interface Life {
  readonly steps: readonly Step[];
  /** How many it does before it dies. */
  readonly writes: number;
}

/** What those who called know of the object. After a call that was cut short nobody knows. */
type Standing = 'stands' | 'deleted' | 'unknown';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function isOutage(error: unknown): boolean {
  return error instanceof StoreUnavailableError;
}

class Play {
  readonly world: CrashingCopies;
  standing: Standing = 'deleted';

  constructor(delays?: readonly number[]) {
    this.world = crashingCopies(delays);
  }

  /** Runs the steps in one process, which dies after so many writes or at their end. Resolves with whether it came to their end. */
  async live({ steps, writes }: Life): Promise<boolean> {
    const { mirror, died, kill } = this.world.open(writes);
    for (const { what, down } of steps) {
      this.world.down = down;
      const calls = [what].flat();
      const [puts, deletes] = [calls.includes('put'), calls.includes('delete')];
      const before = this.standing;
      if (puts || deletes) this.standing = 'unknown';
      const called = Promise.all(calls.map((call) => this.#call(mirror, call)));
      const done = await soon(Promise.race([called, died]));
      if (done === undefined) return false;
      // What stands after a put and a deletion at the same time is left to them.
      if (puts === deletes) continue;
      if (done.includes(true)) this.standing = puts ? 'stands' : 'deleted';
      else this.standing = before;
    }
    kill();
    return true;
  }

  /** A process that does not die finds everything, and all that is left to do is done when all copies are back. */
  async end(): Promise<void> {
    const { mirror } = this.world.open(Infinity);
    this.world.down = [];
    const found = await soon(this.#get(mirror));
    if (this.standing === 'unknown') this.standing = found === 'ABSENT' ? 'deleted' : 'stands';
    await soon(mirror.settled());
    await soon(mirror.scrub({ refs: [ref] }));
    await soon(mirror.settled());
    const stands = this.standing === 'stands';
    deepStrictEqual(this.world.holders(digest), stands ? [0, 1, 2] : []);
    deepStrictEqual(await soon(this.#get(mirror)), stands ? digest : 'ABSENT');
    deepStrictEqual(await this.world.owed(), []);
    await soon(mirror[Symbol.asyncDispose]());
  }

  /** Resolves with whether it changed something for certain. */
  async #call(mirror: MirroredStore, what: Call): Promise<boolean> {
    if (what === 'settle') await mirror.settled();
    else if (what === 'scrub') await mirror.scrub({ refs: [ref] });
    else if (what === 'get') await this.#get(mirror);
    else {
      const changing = what === 'put' ? mirror.put(pieces(content)) : mirror.delete(ref);
      return changing.then(
        () => true,
        (error: unknown) => {
          if (!isOutage(error)) throw error;
          return false;
        },
      );
    }
    return false;
  }

  /** The digest of what is read, or the code of the error. */
  async #get(mirror: MirroredStore): Promise<string> {
    const found = await read(mirror, ref).then(
      (bytes) => sha256Hex(bytes),
      (error: unknown) => String((error as { readonly code: unknown }).code),
    );
    // A quorum has it; where that is out of reach it may not be read.
    if (this.standing === 'stands' && this.world.down.length < 2) deepStrictEqual(found, digest);
    if (this.standing === 'stands') notDeepStrictEqual(found, 'ABSENT');
    if (this.standing === 'deleted') notDeepStrictEqual(found, digest);
    return found;
  }
}

/** Runs the steps as often as there are writes in them, and kills the process one write later each time. */
async function killAtEveryWrite(steps: readonly Step[]): Promise<number> {
  for (let writes = 0; ; writes++) {
    const play = new Play();
    const survived = await play.live({ steps, writes });
    await play.end();
    if (survived) return writes;
  }
}

const up: readonly number[] = [];

it.each<{ readonly name: string; readonly steps: readonly Step[] }>([
  {
    name: 'a deletion that a copy misses',
    steps: [
      { what: 'put', down: up },
      { what: 'settle', down: up },
      { what: 'delete', down: [1] },
      { what: 'get', down: up },
    ],
  },
  {
    name: 'a deletion of what a copy never had',
    steps: [
      { what: 'put', down: [0] },
      { what: 'delete', down: [2] },
      { what: 'scrub', down: [1] },
      { what: 'scrub', down: up },
    ],
  },
  {
    name: 'the same object again after a deletion that a copy missed',
    steps: [
      { what: 'put', down: up },
      { what: 'delete', down: [1] },
      { what: 'put', down: [1] },
      { what: 'settle', down: [1] },
      { what: 'get', down: up },
    ],
  },
  {
    name: 'coming and going, each time past another copy',
    steps: [
      { what: 'put', down: [0] },
      { what: 'delete', down: [1] },
      { what: 'put', down: [2] },
      { what: 'delete', down: [0] },
      { what: 'put', down: [1] },
    ],
  },
])('brings back nothing and loses nothing when killed at any write: $name', async ({ steps }) => {
  expect(await killAtEveryWrite(steps)).toBeGreaterThan(7);
});

it('takes a put that is killed before a quorum has it for nothing, while a copy still has to delete the object', async () => {
  const outcomes: { readonly copies: number; readonly standing: Standing }[] = [];
  for (let writes = 0, survived = false; !survived; writes++) {
    const play = new Play();
    const before: readonly Step[] = [
      { what: 'put', down: up },
      { what: 'settle', down: up },
      { what: 'delete', down: [1] },
    ];
    await play.live({ steps: before, writes: 100 });
    const { taken } = play.world;
    survived = await play.live({ steps: [{ what: 'put', down: [1] }], writes });
    const copies = play.world.taken - taken;
    await play.end();
    outcomes.push({ copies, standing: play.standing });
  }
  const tooFew = outcomes.filter(({ copies }) => copies < 2);
  expect(new Set(tooFew.map(({ copies }) => copies))).toEqual(new Set([0, 1]));
  expect(tooFew.filter(({ standing }) => standing !== 'deleted')).toEqual([]);
  expect(outcomes.at(-1)).toEqual({ copies: 2, standing: 'stands' });
});

it('brings back nothing and loses nothing through several lives', async () => {
  const call = fc.constantFrom<Call>('put', 'delete', 'get', 'scrub', 'settle');
  const oneDown = fc.uniqueArray(fc.nat(2), { maxLength: 1 });
  const step = fc.record<Step>({
    what: fc.oneof(call, fc.array(call, { minLength: 2, maxLength: 4 })),
    down: fc.oneof({ weight: 4, arbitrary: oneDown }, { weight: 1, arbitrary: fc.uniqueArray(fc.nat(2)) }),
  });
  const life = fc.record<Life>({ steps: fc.array(step, { minLength: 1, maxLength: 5 }), writes: fc.nat(25) });
  const delays = fc.array(fc.nat(50), { maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 5 }), delays, async (lives, milliseconds) => {
      const play = new Play(milliseconds);
      for (const one of lives) await play.live(one);
      await play.end();
    }),
    { numRuns: 250, seed: 14 },
  );
}, 60_000);
