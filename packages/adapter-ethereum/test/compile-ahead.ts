import { Worker } from 'node:worker_threads';
import type { Artifact } from '../tools/compile.ts';

/** Contracts that are being compiled, one after the other, in a thread of its own. */
export interface Compilation extends AsyncDisposable {
  /** Resolves with what `compileContracts` gives for the overrides with this index. */
  artifact(index: number): Promise<Artifact>;
}

export function compileAhead(overrides: readonly Readonly<Record<string, string>>[]): Compilation {
  const results = overrides.map(() => Promise.withResolvers<Artifact>());
  // Whoever waits for a result is told; nobody needs to.
  for (const { promise } of results) promise.catch(() => {});
  const worker = new Worker(new URL('fixtures/compile-worker.ts', import.meta.url), { workerData: overrides });
  worker.on('message', ({ index, artifact }: { index: number; artifact: Artifact }) =>
    results[index]?.resolve(artifact),
  );
  worker.on('error', (error) => {
    for (const { reject } of results) reject(error);
  });
  return {
    artifact: async (index) => {
      const result = results[index];
      if (result === undefined) throw new RangeError(`There is no contract ${index}`);
      return result.promise;
    },
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}
