type Close = () => void | PromiseLike<void>;

/** What was opened, to be closed in reverse order, once. Node 22 has no `AsyncDisposableStack`. */
export class Closers implements AsyncDisposable {
  readonly #closers: Close[] = [];

  /** Calls this at the end. */
  defer(close: Close): void {
    this.#closers.push(close);
  }

  /** Disposes of this at the end. */
  use<T extends Disposable | AsyncDisposable>(opened: T): T {
    this.defer(Symbol.asyncDispose in opened ? () => opened[Symbol.asyncDispose]() : () => opened[Symbol.dispose]());
    return opened;
  }

  /** Closes everything, also when some of it fails; then throws the first failure. */
  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = [];
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      try {
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
