import { StoreUnavailableError } from '../errors/store-errors.ts';
import { unlessAborted } from '../lib/abort.ts';
import type { CopyDebt, MirrorState } from '../ports/mirror-state.ts';
import { Background } from './background.ts';

/**
 * Calls of a mirror's state. Each may take as long as it likes until the mirror ends. From then on nothing is read any
 * more, and what is written has `timeout` to be answered; when one call is not, none is waited for.
 */
export class StateCalls {
  readonly #state: MirrorState;
  readonly #timeout: number;
  readonly #ended = new AbortController();
  readonly #givenUp = new AbortController();
  readonly #writes = new Background();
  /** Start the clocks of the writes under way. */
  readonly #clocks = new Set<() => void>();

  constructor(state: MirrorState, timeout: number) {
    this.#state = state;
    this.#timeout = timeout;
  }

  get durable(): boolean {
    return this.#state.durable;
  }

  async load(): Promise<readonly CopyDebt[]> {
    const { signal } = this.#ended;
    signal.throwIfAborted();
    return unlessAborted(this.#state.load({ signal }), signal);
  }

  /** Has the state take something. */
  write(call: (state: MirrorState) => Promise<void>): Promise<void> {
    const writing = this.#write(call);
    this.#writes.follow(writing);
    return writing;
  }

  /** The mirror ends. */
  end(): void {
    this.#ended.abort(new StoreUnavailableError('The mirror ended before its state was read'));
    for (const start of this.#clocks) start();
  }

  /** Resolves when no write is under way. @throws StoreUnavailableError when one was not waited for. */
  async answered(): Promise<void> {
    await this.#writes.ended();
    this.#givenUp.signal.throwIfAborted();
  }

  async #write(call: (state: MirrorState) => Promise<void>): Promise<void> {
    const { signal } = this.#givenUp;
    signal.throwIfAborted();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const start = (): void => {
      timer ??= setTimeout(() => this.#givenUp.abort(unanswered()), this.#timeout);
    };
    this.#clocks.add(start);
    if (this.#ended.signal.aborted) start();
    try {
      await unlessAborted(call(this.#state), signal);
    } finally {
      this.#clocks.delete(start);
      clearTimeout(timer);
    }
  }
}

function unanswered(): StoreUnavailableError {
  return new StoreUnavailableError(
    'The state of the mirror does not answer: what it was to write down may be missing, or be written later',
  );
}
