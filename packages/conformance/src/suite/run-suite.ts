import { ConformanceError } from './conformance-error.ts';
import { within } from './expect.ts';
import { runCase } from './run-case.ts';
import type { Suite } from './suite.ts';

export type CaseResult =
  | { readonly name: string; readonly outcome: 'passed' }
  | { readonly name: string; readonly outcome: 'failed'; readonly error: unknown }
  | { readonly name: string; readonly outcome: 'skipped'; readonly reason: string };

export interface SuiteResults {
  readonly passed: readonly string[];
  readonly failed: readonly { readonly name: string; readonly error: unknown }[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

export interface RunSuiteOptions {
  /** Ends the run: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Which cases to run: all, unless told. */
  readonly only?: ((name: string) => boolean) | undefined;
  /** Called after each case. */
  readonly onCase?: ((result: CaseResult) => void) | undefined;
  /** Milliseconds for one case; default 30,000. */
  readonly timeout?: number | undefined;
}

/** Milliseconds for one case, unless told. */
export const CASE_TIMEOUT = 30_000;

/** Runs the cases one after another. A case that fails is a result, not a rejection. Does not dispose of the driver. */
export async function runSuite<Driver, Subject extends AsyncDisposable>(
  suite: Suite<Driver, Subject>,
  driver: Driver,
  { signal, only = () => true, onCase, timeout = CASE_TIMEOUT }: RunSuiteOptions = {},
): Promise<SuiteResults> {
  const results: CaseResult[] = [];
  for (const one of suite.cases.filter(({ name }) => only(name))) {
    signal?.throwIfAborted();
    const { name } = one;
    const result = await within(timeout, runCase(suite, one, driver), name, signal).then(
      (reason): CaseResult =>
        reason === undefined ? { name, outcome: 'passed' } : { name, outcome: 'skipped', reason },
      (error: unknown): CaseResult => ({ name, outcome: 'failed', error }),
    );
    signal?.throwIfAborted();
    results.push(result);
    onCase?.(result);
  }
  return {
    passed: results.filter(({ outcome }) => outcome === 'passed').map(({ name }) => name),
    failed: results.filter((result) => result.outcome === 'failed').map(({ name, error }) => ({ name, error })),
    skipped: results.filter((result) => result.outcome === 'skipped').map(({ name, reason }) => ({ name, reason })),
  };
}

/** @throws ConformanceError with all failures in its message, where there is one. */
export function requireConformance({ failed }: SuiteResults): void {
  if (failed.length === 0) return;
  const lines = failed.map(({ name, error }) => `- ${name}: ${error instanceof Error ? error.message : String(error)}`);
  throw new ConformanceError(`${failed.length} cases fail\n${lines.join('\n')}`, 'none', String(failed.length));
}
