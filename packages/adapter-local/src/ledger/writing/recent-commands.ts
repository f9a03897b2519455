/** Milliseconds over which commands are counted. */
const WINDOW = 50;

/** How many commands came in the last moments. */
export class RecentCommands {
  #start = 0;
  #count = 0;
  #before = 0;

  add(now: number): void {
    if (now - this.#start > WINDOW) {
      this.#before = now - this.#start < 2 * WINDOW ? this.#count : 0;
      this.#count = 0;
      this.#start = now;
    }
    this.#count++;
  }

  /** Within this window or the one before, whichever had more. */
  get count(): number {
    return Math.max(this.#count, this.#before);
  }
}
