/** An adapter did something else than its port demands. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
  readonly code = 'NOT_CONFORMING';
  /** The demand, in words. */
  readonly demand: string;
  readonly expected: string;
  readonly seen: string;

  constructor(demand: string, expected: string, seen: string, options?: ErrorOptions) {
    super(`${demand}: expected ${expected}, saw ${seen}`, options);
    this.demand = demand;
    this.expected = expected;
    this.seen = seen;
  }
}
