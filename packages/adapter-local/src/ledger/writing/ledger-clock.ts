import { ClockJumpedError } from '../errors.ts';

/** Greatest step, seconds, that the system's clock may make by itself, ahead or behind the last entry. */
export const MAX_STEP = 300;
/** By how much a disciplined clock may gain or lose on the monotonic one: 500 ppm, the most that NTP slews by. */
const DRIFT = 500e-6;

export interface ClockSources {
  /** Seconds since 1970. */
  readonly clock: () => number;
  /** Milliseconds from an arbitrary start; never set. */
  readonly monotonic: () => number;
}

interface Anchor {
  readonly seconds: number;
  readonly monotonic: number;
}

/**
 * Time of a ledger: whole seconds, monotone. Steps of the system's clock backwards are ignored. A jump forward is not
 * believed until somebody confirms it, since every grant that ends before the new time would be dead for ever.
 */
export class LedgerClock {
  readonly #sources: ClockSources;
  #anchor: Anchor;
  #last: number;

  /**
   * @param last time of the last entry, 0 for none
   * @throws ClockJumpedError when the system's clock is behind the last entry by more than {@link MAX_STEP}.
   */
  constructor(sources: ClockSources, last: number, { accepted }: { readonly accepted: boolean }) {
    this.#sources = sources;
    this.#anchor = this.#read();
    this.#last = last;
    const behind = last - this.#anchor.seconds;
    if (behind > MAX_STEP && !accepted) throw new ClockJumpedError(-behind);
  }

  /** @throws ClockJumpedError when the system's clock jumped forward, until {@link accept}. */
  now(): number {
    const { seconds, jump } = this.#observe();
    if (jump > MAX_STEP) throw new ClockJumpedError(Math.round(jump));
    return (this.#last = Math.max(this.#last, Math.floor(seconds)));
  }

  /** Present time for readers: stands still while a jump is not confirmed. */
  present(): number {
    const { seconds, jump } = this.#observe();
    if (jump <= MAX_STEP) this.#last = Math.max(this.#last, Math.floor(seconds));
    return this.#last;
  }

  /** An operator says that the system's clock is right. */
  accept(): void {
    this.#anchor = this.#read();
  }

  #read(): Anchor {
    return { seconds: this.#sources.clock(), monotonic: this.#sources.monotonic() };
  }

  /** The system's time, and how far it ran ahead of the monotonic clock; the anchor follows what is mere drift. */
  #observe(): { readonly seconds: number; readonly jump: number } {
    const now = this.#read();
    const elapsed = Math.max(0, (now.monotonic - this.#anchor.monotonic) / 1000);
    const jump = now.seconds - this.#anchor.seconds - elapsed;
    const drift = Math.min(Math.abs(jump), elapsed * DRIFT) * Math.sign(jump);
    if (jump <= MAX_STEP) this.#anchor = { seconds: this.#anchor.seconds + elapsed + drift, monotonic: now.monotonic };
    return { seconds: now.seconds, jump };
  }
}
