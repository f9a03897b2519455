import promises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

type Call = (...given: unknown[]) => Promise<unknown>;

const CALLS = ['mkdir', 'link', 'unlink', 'rename', 'rmdir', 'rm', 'writeFile', 'readFile', 'readdir', 'stat', 'open'];
const HANDLE_CALLS = ['read', 'write', 'writeFile', 'sync', 'stat', 'close'];

/** When an operation is held: before it is done, or when it is done and has only to say so. */
export type Held = 'before' | 'behind';

export interface HeldOperations extends Disposable {
  /** From now on operations are counted, from 1, and held from this number on. */
  holdFrom(number: number, when: Held): void;
  /** Resolves when one is held. */
  readonly reached: Promise<void>;
  /** Lets them all go on, and resolves when none is under way any more. */
  release(): Promise<void>;
}

/** Puts itself between this process and its file system, until it is disposed of. */
export function heldOperations(): HeldOperations {
  let [from, count, running] = [Infinity, 0, 0];
  let held: Held = 'before';
  let [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];

  const hold = async (number: number, when: Held): Promise<void> => {
    if (number < from || when !== held) return;
    reached.resolve();
    await released.promise;
  };
  const counted = (call: Call): Call => {
    return async (...given) => {
      const number = ++count;
      running++;
      try {
        await hold(number, 'before');
        return await call(...given);
      } finally {
        await hold(number, 'behind');
        running--;
      }
    };
  };
  const openCounted = (open: Call): Call => {
    const opened = counted(open);
    return async (...given) => withCalls((await opened(...given)) as FileHandle, HANDLE_CALLS, counted);
  };

  const originals = { ...promises };
  withCalls(promises, CALLS, counted);
  Object.assign(promises, { open: openCounted(originals.open as Call) });
  syncBuiltinESMExports();
  return {
    holdFrom(number, when) {
      [from, count, held] = [number, 0, when];
      [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    },
    get reached() {
      return reached.promise;
    },
    async release() {
      from = Infinity;
      released.resolve();
      // What has just ended may begin something else.
      for (let idle = 0; idle < 5; idle = running === 0 ? idle + 1 : 0) await nextTurn();
    },
    [Symbol.dispose]() {
      Object.assign(promises, originals);
      syncBuiltinESMExports();
    },
  };
}

function withCalls<T extends object>(of: T, names: readonly string[], change: (call: Call) => Call): T {
  const calls = of as Record<string, Call>;
  for (const name of names) {
    const call = calls[name];
    if (call !== undefined) calls[name] = change(call.bind(of));
  }
  return of;
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
