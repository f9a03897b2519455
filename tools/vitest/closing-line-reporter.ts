import type { Reporter, TestCase, TestModule, TestRunEndReason } from 'vitest/node';
import { closingLine, type ModuleReport } from './closing-line.ts';

/**
 * Prints the closing line as the very last line of a run. With MEDSEAL_NO_SKIPS=1 a skipped test fails the run. A case of a
 * conformance suite that does not apply, by what the adapter declares, is no test of it: it is not counted.
 */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): void {
    const reports = modules.map(report);
    const stray = errors.length + (reason === 'interrupted' ? 1 : 0);
    const noSkips = process.env.MEDSEAL_NO_SKIPS === '1';
    const line = closingLine(reports, stray, noSkips);
    if (line.failed > 0) process.exitCode = 1;
    process.once('exit', (code) => {
      // No tests, or a set-up that failed before them: a run that ends badly never says `0 failed`.
      const { text } = code !== 0 && line.failed === 0 ? closingLine(reports, stray + 1, noSkips) : line;
      process.stdout.write(`${text}\n`);
    });
  }
}

function report(module: TestModule): ModuleReport {
  const suites = [module, ...module.children.allSuites()];
  return {
    state: module.state(),
    tests: [...module.children.allTests()].filter(applies).map((test) => test.result().state),
    brokenSuites: suites.filter((suite) => suite.errors().length > 0).length,
  };
}

function applies(test: TestCase): boolean {
  const result = test.result();
  return result.state !== 'skipped' || result.note?.startsWith('does not apply: ') !== true;
}
