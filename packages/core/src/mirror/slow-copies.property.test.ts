import { deepStrictEqual } from 'node:assert/strict';
import { concat } from '@medseal/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, it, vi } from 'vitest';
import { pieces, read, soon } from '../../test/mirror-desk.ts';
import { StoreUnavailableError } from '../errors/store-errors.ts';
import { sha256Hex } from '../lib/digest.ts';
import { memoryMirrorState } from '../memory/memory-mirror-state.ts';
import { memoryStore, type MemoryStore } from '../memory/memory-store.ts';
import type { MirrorState } from '../ports/mirror-state.ts';
import type { BlobRef, Store } from '../ports/store.ts';
import { type MirroredStore, mirroredStore } from './mirrored-store.ts';

const content = new Uint8Array(3000).fill(3);
const ref: BlobRef = { digest: sha256Hex(content), size: content.length, locator: '' };
const TIMEOUT = 500;

interface Step {
  /** Calls that overlap: when each begins and, if ever, is aborted, in milliseconds. */
  readonly calls: readonly { readonly what: 'put' | 'delete' | 'get'; readonly at: number; readonly abort?: number }[];
  /** What comes behind them all, alone. */
  readonly last: 'put' | 'delete';
  readonly restart: boolean;
}

type Pause = () => Promise<void>;

/** A copy that is slow before and behind everything that it does, and deaf to signals. */
function slowStore(memory: MemoryStore, pause: Pause): Store {
  return {
    supports: memory.supports,
    async put(blob, options) {
      await pause();
      const all = await Array.fromAsync(blob, (piece) => piece.slice());
      await pause();
      return memory.put(pieces(concat(...all)), { digest: options?.digest });
    },
    async delete(of) {
      await pause();
      await memory.delete(of);
      await pause();
    },
    async has(of) {
      await pause();
      return memory.has(of);
    },
    async *get(of, { start, end } = {}) {
      await pause();
      yield* memory.get(of, { start, end });
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

function slowState(state: MirrorState, pause: Pause): MirrorState {
  const slowly = async (work: () => Promise<void>): Promise<void> => {
    await pause();
    await work();
    await pause();
  };
  return {
    ...state,
    durable: true,
    owe: (debts) => slowly(() => state.owe(debts)),
    settle: (...what) => slowly(() => state.settle(...what)),
  };
}

/** Pauses of these lengths in turn, until all is calm. */
function pauses(milliseconds: readonly number[], isCalm: () => boolean): Pause {
  let turn = 0;
  return () =>
    new Promise((resolve) => {
      setTimeout(resolve, isCalm() ? 0 : milliseconds[turn++ % milliseconds.length]);
    });
}

async function call(mirror: MirroredStore, what: 'put' | 'delete' | 'get', signal?: AbortSignal): Promise<void> {
  if (what === 'put') await mirror.put(pieces(content), { signal });
  else if (what === 'delete') await mirror.delete(ref, { signal });
  else await read(mirror, ref, { signal });
}

async function callAll(mirror: MirroredStore, calls: Step['calls']): Promise<void> {
  const calling = calls.map(async ({ what, at, abort }) => {
    await new Promise((resolve) => setTimeout(resolve, at));
    const controller = new AbortController();
    if (abort !== undefined) setTimeout(() => controller.abort('enough'), abort);
    await call(mirror, what, controller.signal);
  });
  await Promise.allSettled(calling);
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A state that was slower than the mirror waits at its end is given the time that closing it would take. */
async function endMirror(mirror: MirroredStore): Promise<void> {
  await soon(mirror[Symbol.asyncDispose]()).catch((error: unknown) => {
    if (!(error instanceof StoreUnavailableError)) throw error;
    return vi.advanceTimersByTimeAsync(20_000);
  });
}

async function play(
  steps: readonly Step[],
  copyDelays: readonly number[],
  stateDelays: readonly number[],
): Promise<void> {
  let calm = false;
  const memories = [memoryStore(), memoryStore(), memoryStore()];
  const pause = pauses(copyDelays, () => calm);
  const copies = Object.fromEntries(memories.map((memory, one) => [`copy ${one}`, slowStore(memory, pause)]));
  const kept = memoryMirrorState();
  const state = slowState(
    kept,
    pauses(stateDelays, () => calm),
  );
  const open = (): MirroredStore => mirroredStore(copies, { timeout: TIMEOUT, state, repair: { attempts: 2 } });
  let mirror = open();
  for (const { calls, last, restart } of steps) {
    calm = false;
    await soon(callAll(mirror, calls));
    const done = await soon(
      call(mirror, last).then(
        () => true,
        () => false,
      ),
    );
    if (!done) continue;
    if (restart) {
      await endMirror(mirror);
      mirror = open();
    }
    await vi.advanceTimersByTimeAsync(20_000);
    calm = true;
    await soon(mirror.settled());
    await soon(mirror.scrub({ refs: [ref] }));
    await soon(mirror.settled());
    deepStrictEqual(
      memories.map(({ blobs }) => blobs.has(ref.digest)),
      memories.map(() => last === 'put'),
    );
    deepStrictEqual(await kept.load(), []);
  }
  await endMirror(mirror);
}

it('keeps what was put last and nothing that was deleted, however late copies do what they were asked', async () => {
  const one = fc.record(
    {
      what: fc.constantFrom('put' as const, 'put' as const, 'delete' as const, 'get' as const),
      at: fc.nat(1500),
      abort: fc.nat(1500),
    },
    { requiredKeys: ['what', 'at'] },
  );
  const step = fc.record<Step>({
    calls: fc.array(one, { minLength: 1, maxLength: 4 }),
    last: fc.constantFrom('put', 'delete'),
    restart: fc.boolean(),
  });
  const delays = fc.array(fc.constantFrom(0, 5, 100, 300, 450, 700, 1500), { minLength: 3, maxLength: 11 });
  const short = fc.array(fc.nat(300), { minLength: 3, maxLength: 11 });
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), delays, short, play), {
    numRuns: 250,
    seed: 1,
  });
}, 60_000);
