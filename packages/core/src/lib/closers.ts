/** What was opened, to be closed in reverse order. Node 22 has no `AsyncDisposableStack`. */
export class Closers implements AsyncDisposable {
  readonly #closers: (() => PromiseLike<void>)[] = [];

  /** Closes it too, if it can be closed. */
  use<T>(opened: T): T {
    if (isAsyncDisposable(opened)) this.#closers.push(() => opened[Symbol.asyncDispose]());
    return opened;
  }

  /**
   * Closes everything, also when some of it fails, and then throws the one failure or an AggregateError. Again: does
   * nothing.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = [];
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      try {
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, 'Several parts failed to close');
  }
}

function isAsyncDisposable(value: unknown): value is AsyncDisposable {
  return typeof value === 'object' && value !== null && Symbol.asyncDispose in value;
}
