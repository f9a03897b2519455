import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';

/** Prints `N passed, N failed` as the very last line of a run, also when a file did not load. */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): void {
    const count = { passed: 0, failed: errors.length + (reason === 'interrupted' ? 1 : 0), skipped: 0 };
    for (const module of modules) {
      const states = [...module.children.allTests()].map((test) => test.result().state);
      for (const state of states) count[state === 'pending' ? 'skipped' : state]++;
      // A file that did not load, or whose hook failed, has no failed test of its own.
      if (module.state() === 'failed' && !states.includes('failed')) count.failed++;
    }
    // In CI a test that did not run proves nothing, so it counts as a failure.
    if (process.env.MEDSEAL_NO_SKIPS === '1' && count.skipped > 0) {
      count.failed += count.skipped;
      count.skipped = 0;
      process.exitCode = 1;
    }
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
    process.once('exit', () => process.stdout.write(`${count.passed} passed, ${count.failed} failed${skipped}\n`));
  }
}
