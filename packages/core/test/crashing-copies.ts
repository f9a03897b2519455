import type { Hex } from '@medseal/protocol';
import { StoreUnavailableError } from '../src/errors/store-errors.ts';
import { collectBytes } from '../src/lib/byte-stream.ts';
import { sha256Hex } from '../src/lib/digest.ts';
import { memoryMirrorState } from '../src/memory/memory-mirror-state.ts';
import { memoryStore, type MemoryStore } from '../src/memory/memory-store.ts';
import { type MirroredStore, mirroredStore } from '../src/mirror/mirrored-store.ts';
import type { CopyDebt, MirrorState } from '../src/ports/mirror-state.ts';
import type { Store } from '../src/ports/store.ts';
import { pieces } from './mirror-desk.ts';

const forEver = new Promise<never>(() => {});

/** One life of a process, which ends after so many writes: from then on nothing that it calls ever answers. */
class Life {
  readonly died: Promise<void>;
  readonly #pause: () => Promise<void>;
  #writesLeft: number;
  readonly #die: () => void;

  /** @param pause how long a call takes to arrive */
  constructor(writes: number, pause: () => Promise<void>) {
    this.#writesLeft = writes;
    this.#pause = pause;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.died = promise;
    this.#die = resolve;
  }

  get over(): boolean {
    return this.#writesLeft < 0;
  }

  async write<T>(run: () => Promise<T>): Promise<T> {
    await this.#pause();
    if (!this.over) this.#writesLeft--;
    if (!this.over) return run();
    this.end();
    return forEver;
  }

  end(): void {
    this.#writesLeft = -1;
    this.#die();
  }

  async read<T>(run: () => Promise<T>): Promise<T> {
    await this.#pause();
    return this.over ? forEver : run();
  }
}

/** Three copies and a state that outlive the mirrors over them. */
export interface CrashingCopies {
  /** The copies that are out of reach. */
  down: readonly number[];
  /** A mirror whose process dies when it begins a write after so many. */
  open(writes: number): { readonly mirror: MirroredStore; readonly died: Promise<void>; readonly kill: () => void };
  /** How many objects the copies have taken, all together. */
  readonly taken: number;
  /** Numbers of the copies that have the object whole. */
  holders(digest: Hex): readonly number[];
  /** What is owed. */
  owed(): Promise<readonly CopyDebt[]>;
}

/** @param delays milliseconds that one call after the other takes to arrive, over and over */
export function crashingCopies(delays: readonly number[] = []): CrashingCopies {
  const memories = [memoryStore(), memoryStore(), memoryStore()];
  const state = memoryMirrorState();
  let taken = 0;
  let calls = 0;
  const pause = async (): Promise<void> => {
    const delay = delays[calls++ % delays.length] ?? 0;
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
  };
  const world: CrashingCopies = {
    down: [],
    get taken() {
      return taken;
    },
    open: (writes) => {
      const life = new Life(writes, pause);
      const copies = memories.map((memory, number) => {
        const reached = (): void => {
          if (world.down.includes(number)) throw new StoreUnavailableError('The test has cut the copy off');
        };
        return [`copy ${number}`, crashingStore(memory, { life, reached, onTaken: () => taken++ })] as const;
      });
      const options = { state: crashingState(state, life), timeout: 200, verifyAhead: 1000, repair: { attempts: 2 } };
      return { mirror: mirroredStore(Object.fromEntries(copies), options), died: life.died, kill: () => life.end() };
    },
    holders: (digest) =>
      [0, 1, 2].filter((number) => {
        const bytes = memories[number]?.blobs.get(digest);
        return bytes !== undefined && sha256Hex(bytes) === digest;
      }),
    owed: () => state.load(),
  };
  return world;
}

interface Disturbed {
  readonly life: Life;
  /** @throws when the copy is out of reach. */
  readonly reached: () => void;
  readonly onTaken: () => void;
}

function crashingStore(memory: MemoryStore, { life, reached, onTaken }: Disturbed): Store {
  return {
    supports: memory.supports,
    async put(blob, options) {
      reached();
      const bytes = await collectBytes(blob);
      return life.write(async () => {
        reached();
        const ref = await memory.put(pieces(bytes), options);
        onTaken();
        return ref;
      });
    },
    async *get(ref, options) {
      for await (const piece of memory.get(ref, options))
        yield await life.read(async () => {
          reached();
          return piece;
        });
    },
    has: (ref) =>
      life.read(async () => {
        reached();
        return memory.has(ref);
      }),
    delete: (ref) =>
      life.write(async () => {
        reached();
        return memory.delete(ref);
      }),
    [Symbol.asyncDispose]: async () => {},
  };
}

function crashingState(state: MirrorState, life: Life): MirrorState {
  return {
    durable: true,
    load: () => life.read(() => state.load()),
    owe: (debts) => life.write(() => state.owe(debts)),
    settle: (digest, copies) => life.write(() => state.settle(digest, copies)),
    [Symbol.asyncDispose]: async () => {},
  };
}
