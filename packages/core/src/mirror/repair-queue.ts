import type { Hex } from '@medseal/protocol';
import type { BlobRef } from '../ports/store.ts';
import type { Copy } from './copy.ts';
import { LONGEST_TIMER, pause } from './deadline.ts';

/** What is to be done at one copy, or was. */
export interface RepairEvent {
  readonly copy: string;
  readonly digest: Hex;
  /** `restore`: it lacks the object or has it damaged. `delete`: it could not be reached when the object was deleted. */
  readonly task: 'restore' | 'delete';
  /** `needless`: the copy turned out to be as it should. `failed`: given up after all attempts. */
  readonly outcome: 'done' | 'needless' | 'failed';
  /** Why it failed. */
  readonly error?: unknown;
}

export interface RepairJob {
  readonly copy: Copy;
  readonly ref: BlobRef;
  readonly task: RepairEvent['task'];
}

export interface RepairWork {
  readonly concurrency: number;
  readonly attempts: number;
  /** Does the job. Throws what may pass. */
  readonly run: (job: RepairJob, signal: AbortSignal) => Promise<'done' | 'needless'>;
  readonly onEvent: (event: RepairEvent) => void;
}

const FIRST_PAUSE = 1000;

interface Waiting {
  readonly job: RepairJob;
  /** Counted from 1. */
  readonly attempt: number;
}

/** At work, or resting before the next attempt. */
interface Busy {
  readonly job: RepairJob;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/** Repairs waiting and at work, a bounded number of them at a time, each only once. One that rests holds up no other. */
export class RepairQueue {
  readonly #work: RepairWork;
  readonly #waiting = new Map<string, Waiting>();
  readonly #running = new Map<string, Busy>();
  readonly #resting = new Map<string, Busy>();
  #closed = false;

  constructor(work: RepairWork) {
    this.#work = work;
  }

  /** Repairs that have not begun, or rest before they are tried again. */
  get waiting(): number {
    return this.#waiting.size + this.#resting.size;
  }

  get running(): number {
    return this.#running.size;
  }

  add(job: RepairJob): void {
    const key = `${job.copy.name}/${job.ref.digest}`;
    // What is being given up does not count.
    const goesOn = [this.#running.get(key), this.#resting.get(key)].filter(
      (busy) => busy?.abort.signal.aborted === false,
    );
    if (this.#closed || [...goesOn, this.#waiting.get(key)].some((one) => one?.job.task === job.task)) return;
    this.#waiting.set(key, { job, attempt: 1 });
    this.#startNext();
  }

  /** Gives up all work on an object. Resolves when none of it goes on, with what was to be done. */
  cancel(digest: Hex): Promise<readonly RepairJob[]> {
    return this.#stop(({ ref }) => ref.digest === digest);
  }

  /** Resolves when nothing waits and nothing runs. */
  async settled(): Promise<void> {
    for (let busy = this.#busy(); busy.length > 0; busy = this.#busy())
      await Promise.race(busy.map(({ done }) => done));
  }

  /** Ends all work and takes no more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#stop(() => true);
  }

  #busy(): readonly Busy[] {
    return [...this.#running.values(), ...this.#resting.values()];
  }

  async #stop(which: (job: RepairJob) => boolean): Promise<readonly RepairJob[]> {
    const waiting = [...this.#waiting].filter(([, { job }]) => which(job));
    for (const [key] of waiting) this.#waiting.delete(key);
    const stopping = this.#busy().filter(({ job }) => which(job));
    for (const { abort } of stopping) abort.abort();
    await Promise.all(stopping.map(({ done }) => done));
    return [...waiting.map(([, { job }]) => job), ...stopping.map(({ job }) => job)];
  }

  #startNext(): void {
    for (const [key, { job, attempt }] of this.#waiting) {
      if (this.#running.size >= this.#work.concurrency) return;
      if (this.#running.has(key)) continue;
      this.#waiting.delete(key);
      const abort = new AbortController();
      const done = this.#run(key, { job, attempt }, abort.signal);
      this.#running.set(key, { job, abort, done });
    }
  }

  async #run(key: string, { job, attempt }: Waiting, signal: AbortSignal): Promise<void> {
    const again = await this.#attempt(job, attempt, signal);
    this.#running.delete(key);
    if (again) {
      const abort = new AbortController();
      const done = this.#rest(key, { job, attempt: attempt + 1 }, abort.signal);
      this.#resting.set(key, { job, abort, done });
    }
    this.#startNext();
  }

  async #rest(key: string, next: Waiting, signal: AbortSignal): Promise<void> {
    await pause(Math.min(FIRST_PAUSE * 2 ** (next.attempt - 2), LONGEST_TIMER), signal);
    this.#resting.delete(key);
    if (signal.aborted) return;
    if (!this.#waiting.has(key)) this.#waiting.set(key, next);
    this.#startNext();
  }

  /** Whether to try again. */
  async #attempt({ copy, ref, task }: RepairJob, attempt: number, signal: AbortSignal): Promise<boolean> {
    const about = { copy: copy.name, digest: ref.digest, task };
    try {
      const outcome = await this.#work.run({ copy, ref, task }, signal);
      if (!signal.aborted) this.#work.onEvent({ ...about, outcome });
      return false;
    } catch (error) {
      if (signal.aborted) return false;
      if (attempt < this.#work.attempts) return true;
      this.#work.onEvent({ ...about, outcome: 'failed', error });
      return false;
    }
  }
}
