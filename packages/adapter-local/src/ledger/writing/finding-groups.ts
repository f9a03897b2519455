/** Most findings to wait for: with more, a commit is hardly cheaper for each. */
const MOST = 128;
/** Weight of the last measurement. */
const WEIGHT = 0.25;

/**
 * How many findings are told together. What is done with them, a commit, costs less for each where they are more; but
 * while it is done, others can be found.
 */
export class FindingGroups {
  /** Milliseconds a finding, of all threads together. */
  #pace: number | undefined;
  /** Milliseconds that those who were told took. */
  #work = 0;

  /** Of so many open commands. */
  size(open: number): number {
    // With half of them there are two groups in turn, each with a commit of its own. One group is quicker where a commit
    // takes much longer than finding, as with a slow disk.
    if (this.#pace !== undefined && 2 * open * this.#pace < this.#work) return open;
    return Math.min(MOST, Math.ceil(open / 2));
  }

  notePace(findings: number, milliseconds: number): void {
    if (findings <= 0) return;
    const pace = milliseconds / findings;
    this.#pace = this.#pace === undefined ? pace : this.#pace + WEIGHT * (pace - this.#pace);
  }

  noteWork(milliseconds: number): void {
    this.#work += WEIGHT * (milliseconds - this.#work);
  }
}
