import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Genesis } from '@medseal/protocol';
import { FindingGroups } from './finding-groups.ts';
import { type Finding, SLOTS, VerifySlots } from './verify-slots.ts';
import type { VerifyWorkerData } from './verify-worker.ts';

/** Milliseconds without work after which the threads end. */
const IDLE = 5_000;
/** Commands that wait for each thread before one more is started. */
const ENOUGH = 2;

/** A command to verify. */
interface Job {
  readonly wire: Uint8Array;
  /** Told once what was found: `undefined` where no thread can say. */
  readonly onFound: (finding: Finding | undefined) => void;
}

// Built and unbuilt, the worker's file has the extension of this one.
const workerUrl = new URL(`./verify-worker${import.meta.url.slice(-3)}`, import.meta.url);
// Not `process.execArgv`: a thread refuses some options of a process, and inherits what it can where none are given.
const options = import.meta.url.endsWith('.ts') ? { execArgv: ['--conditions=@medseal/source'] } : {};

export interface VerifyPoolOptions {
  /** Most threads; by default one a core. */
  readonly limit?: number | undefined;
  /** Milliseconds without work after which the threads end. */
  readonly idle?: number | undefined;
  /**
   * Verifies a command here, while there is nothing else to do for this pool. Where it is not given this thread waits
   * for the others.
   */
  readonly help?: ((wire: Uint8Array) => Finding) | undefined;
}

/**
 * Threads that verify signatures: as many as there are cores, started when there is work for them, ended when idle.
 * Findings are told in the order in which the commands were given.
 */
export class VerifyPool implements AsyncDisposable {
  readonly #genesis: Genesis;
  #limit: number;
  readonly #idle: number;
  readonly #help: VerifyPoolOptions['help'];
  #slots: VerifySlots | undefined;
  readonly #threads = new Set<Worker>();
  /** Those in slots: numbers from `#told` to before `#given`, modulo `SLOTS`. */
  readonly #jobs: (Job | undefined)[] = Array.from({ length: SLOTS });
  #waiting: Job[] = [];
  #given = 0;
  #told = 0;
  readonly #groups = new FindingGroups();
  /** Whether it looks next by itself. */
  #looking = false;
  /** Since when a message is to come, and how much was found then. */
  #asleep: { readonly since: number; readonly answered: number } | undefined;
  #closed = false;

  constructor(genesis: Genesis, { limit = availableParallelism(), idle = IDLE, help }: VerifyPoolOptions = {}) {
    this.#genesis = genesis;
    this.#limit = limit;
    this.#idle = idle;
    this.#help = help;
  }

  /** Commands of which nothing was told so far. */
  get pending(): number {
    return this.#given - this.#told + this.#waiting.length;
  }

  /** Threads that were started and have not ended. */
  get threads(): number {
    return this.#threads.size;
  }

  /** Whether a thread can begin at once. One is started where too few are there for so many commands. */
  isReady(commands: number): boolean {
    if (this.#closed) return false;
    const { size } = this.#threads;
    try {
      if (size < this.#limit && (size === 0 || commands > ENOUGH * size)) this.#start();
    } catch {
      this.#limit = size; // There can be no more in this process, and what they would do can be done without.
    }
    return this.#slots !== undefined && this.#slots.ready > 0;
  }

  /** Has a command verified, of at most `LONGEST` bytes. Threads hear of it with `publish`. */
  give(job: Job): void {
    this.#waiting.push(job);
  }

  /** Lets the threads begin with what was given. */
  publish(): void {
    const slots = this.#slots;
    if (slots === undefined || this.#threads.size === 0) return this.#giveUp();
    if (this.#given === this.#told) this.#keepAlive(true);
    this.#fill(slots);
    if (!this.#looking && !this.#sleeps(slots, this.#told)) this.#lookAgain(false);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#end();
  }

  #fill(slots: VerifySlots): void {
    const room = SLOTS - (this.#given - this.#told);
    if (room === 0 || this.#waiting.length === 0) return;
    for (const job of this.#waiting.splice(0, room)) {
      this.#jobs[this.#given % SLOTS] = job;
      slots.put(this.#given++, job.wire);
    }
    slots.publish(this.#given);
  }

  /** Tells what was found once that is a group, so that a commit is for several. */
  #look(): void {
    const slots = this.#slots;
    if (this.#given === this.#told) return this.#keepAlive(false);
    if (slots === undefined || this.#sleeps(slots, this.#told)) return;
    const some = this.#tell(slots);
    this.#fill(slots);
    // Where the first that is open takes long, those behind it wait for it.
    if (some || !this.#sleeps(slots, slots.answered)) this.#lookAgain(some);
  }

  /** Asks for a message, or does something of the work and looks again, unless it is time already: then `false`. */
  #sleeps(slots: VerifySlots, from: number): boolean {
    if (this.#asleep !== undefined) return true;
    const wakeAt = from + this.#groups.size((this.#given - from) | 0);
    if (this.#helped(slots, wakeAt)) {
      this.#lookAgain(false);
      return true;
    }
    const { answered } = slots;
    if (!slots.sleep(wakeAt)) return false;
    this.#asleep = { since: performance.now(), answered };
    return true;
  }

  /** Verifies one command here, for which no thread is free. */
  #helped(slots: VerifySlots, wakeAt: number): boolean {
    if (this.#help === undefined || slots.isTime(wakeAt)) return false;
    const n = slots.takeOne();
    if (n === undefined) return false;
    try {
      slots.answer(n, this.#help(slots.wire(n)));
    } catch {
      void this.#end(); // As when a thread dies of it: whoever gave the command hears of it.
    }
    return true;
  }

  #wake(): void {
    const found = ((this.#slots?.answered ?? 0) - (this.#asleep?.answered ?? 0)) | 0;
    if (this.#asleep !== undefined) this.#groups.notePace(found, performance.now() - this.#asleep.since);
    this.#asleep = undefined;
    if (!this.#looking) this.#look();
  }

  /** Behind what those who were told, if any were, do in this turn. */
  #lookAgain(told: boolean): void {
    this.#looking = true;
    const since = performance.now();
    queueMicrotask(() =>
      setImmediate(() => {
        this.#looking = false;
        if (told) this.#groups.noteWork(performance.now() - since);
        this.#look();
      }),
    );
  }

  #tell(slots: VerifySlots): boolean {
    const before = this.#told;
    for (; this.#told < this.#given; this.#told++) {
      const finding = slots.found(this.#told);
      if (finding === undefined) break;
      const at = this.#told % SLOTS;
      this.#jobs[at]?.onFound(finding);
      this.#jobs[at] = undefined;
    }
    return this.#told > before;
  }

  #start(): void {
    this.#slots ??= new VerifySlots();
    const { memory } = this.#slots;
    const workerData: VerifyWorkerData = { genesis: this.#genesis, memory, idle: this.#idle };
    const worker = new Worker(workerUrl, { ...options, workerData, name: 'medseal verification' });
    this.#threads.add(worker);
    worker.on('message', () => this.#wake());
    worker.on('error', () => {
      // None ever began, as where the program was bundled without the file of the threads: others would not either.
      if (this.#slots?.ready === 0) this.#limit = 0;
      void this.#end();
    });
    worker.on('exit', (code) => {
      if (!this.#threads.delete(worker)) return;
      if (code !== 0 || this.#threads.size === 0) void this.#end();
    });
    worker.unref();
  }

  /** A process may not end while commands wait to be verified; without such, threads keep none alive. */
  #keepAlive(wanted: boolean): void {
    for (const worker of this.#threads) {
      if (wanted) worker.ref();
      else worker.unref();
    }
  }

  /** Ends all threads and leaves their memory: nobody knows what one that died had taken. */
  async #end(): Promise<void> {
    const threads = [...this.#threads];
    this.#threads.clear();
    this.#slots = undefined;
    this.#giveUp();
    await Promise.all(threads.map((worker) => worker.terminate()));
  }

  #giveUp(): void {
    const jobs: (Job | undefined)[] = this.#waiting;
    this.#waiting = [];
    while (this.#given > this.#told) jobs.unshift(this.#jobs[--this.#given % SLOTS]);
    this.#jobs.fill(undefined);
    this.#given = 0;
    this.#told = 0;
    this.#asleep = undefined;
    for (const job of jobs) job?.onFound(undefined);
  }
}
