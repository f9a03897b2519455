/** One demand of a port, tried on a subject of its own. */
export interface SuiteCase<Subject> {
  /** What is demanded; unique in its suite. */
  readonly name: string;
  /** Why the case does not apply to this subject, by what it declares; `undefined` where it applies. */
  requires?(subject: Subject): string | undefined;
  /** Resolves when the demand is met. @throws ConformanceError, or whatever the adapter threw unasked. */
  run(subject: Subject): Promise<void>;
}

/**
 * What a port demands, as a plain value: `runSuite` plays it anywhere, `@medseal/conformance/vitest` and
 * `@medseal/conformance/node` hand it to a test runner.
 */
export interface Suite<Driver, Subject extends AsyncDisposable> {
  /** The port, such as `store`. */
  readonly port: string;
  readonly cases: readonly SuiteCase<Subject>[];
  /** A fresh subject for one case, which disposes of it. */
  open(driver: Driver): Promise<Subject>;
}
