/** What the closing line needs to know of a file of tests, as vitest reports it. */
export interface ModuleReport {
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending' | 'queued';
  readonly tests: readonly ('passed' | 'failed' | 'skipped' | 'pending')[];
  /** Suites, the file itself among them, with an error of their own: a hook that failed, a file that did not load. */
  readonly brokenSuites: number;
}

export interface ClosingLine {
  readonly text: string;
  readonly failed: number;
}

/**
 * Counts a run as `N passed, N failed[, N skipped]`.
 *
 * @param errors Errors that belong to no test, such as an unhandled rejection or an interrupted run.
 * @param noSkips Counts a test that did not run as a failure: in CI it proves nothing.
 */
export function closingLine(modules: readonly ModuleReport[], errors: number, noSkips: boolean): ClosingLine {
  let passed = 0;
  let failed = errors;
  let skipped = 0;
  for (const { state, tests, brokenSuites } of modules) {
    const failedHere = tests.filter((test) => test === 'failed').length + brokenSuites;
    passed += tests.filter((test) => test === 'passed').length;
    skipped += tests.filter((test) => test === 'skipped' || test === 'pending').length;
    failed += failedHere === 0 && state === 'failed' ? 1 : failedHere;
  }
  if (noSkips) {
    failed += skipped;
    skipped = 0;
  }
  return { text: `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`, failed };
}
