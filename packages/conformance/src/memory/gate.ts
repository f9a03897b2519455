import type { Disturbances } from '../drivers/disturbances.ts';

/** Stands before something in memory, which by itself is neither slow nor broken. */
export interface Gate {
  readonly disturbances: Required<Omit<Disturbances, 'beyond'>>;
  /** Resolves while the gate is open. @throws the outage while it is cut off, the signal's reason when that aborts. */
  pass(signal: AbortSignal | undefined): Promise<void>;
}

/** @param outage makes what a port throws when its backend does not answer */
export function openGate(outage: () => Error): Gate {
  let stalled: PromiseWithResolvers<void> | undefined;
  let broken = false;
  return {
    disturbances: {
      stall: async () => {
        const held = (stalled = Promise.withResolvers<void>());
        return {
          [Symbol.asyncDispose]: async () => {
            stalled = undefined;
            held.resolve();
          },
        };
      },
      cutOff: async () => {
        broken = true;
        return {
          [Symbol.asyncDispose]: async () => {
            broken = false;
          },
        };
      },
    },
    async pass(signal) {
      signal?.throwIfAborted();
      if (broken) throw outage();
      if (stalled !== undefined) await unlessAborted(stalled.promise, signal);
    },
  };
}

async function unlessAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  await Promise.race([promise, aborted]).finally(() => signal?.removeEventListener('abort', stop));
}
