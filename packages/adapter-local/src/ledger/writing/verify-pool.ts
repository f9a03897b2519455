import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { concat, type Genesis } from '@medseal/protocol';
import type { Finding, VerifyAnswer, VerifyJob } from './verify-worker.ts';

/** Milliseconds without work after which the threads end. */
const IDLE = 5_000;

interface Waiting {
  readonly resolve: (found: readonly Finding[]) => void;
  readonly reject: (error: Error) => void;
}
interface Thread {
  readonly worker: Worker;
  readonly jobs: Map<number, Waiting>;
  ready: boolean;
}

// Built and unbuilt, the worker's file has the extension of this one.
const workerUrl = new URL(`./verify-worker${import.meta.url.slice(-3)}`, import.meta.url);
const execArgv = import.meta.url.endsWith('.ts')
  ? [...process.execArgv, '--conditions=@medseal/source']
  : process.execArgv;

/** Threads that verify signatures: as many as there are cores, started when first wanted, ended when idle. */
export class VerifyPool implements AsyncDisposable {
  readonly #genesis: Genesis;
  readonly #limit: number;
  readonly #threads = new Set<Thread>();
  #jobs = 0;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(genesis: Genesis, limit: number = availableParallelism()) {
    this.#genesis = genesis;
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Whether a thread can begin at once; if none can, one is started, which takes some tenths of a second. */
  isReady(): boolean {
    if (this.#closed || this.#limit === 0) return false;
    if (this.#threads.size === 0) this.#start();
    return [...this.#threads].some(({ ready }) => ready);
  }

  /** Rejects when a thread dies or can not be started. */
  verify(wires: readonly Uint8Array[]): Promise<readonly Finding[]> {
    if (this.#closed) return Promise.reject(new Error('The pool was closed'));
    clearTimeout(this.#idle);
    const thread = this.#freest();
    const job = this.#jobs++;
    return new Promise((resolve, reject) => {
      thread.jobs.set(job, { resolve, reject });
      // A process may not end while commands wait to be verified; without such, threads keep none alive.
      thread.worker.ref();
      const bytes = concat(...wires);
      const lengths = wires.map(({ length }) => length);
      thread.worker.postMessage({ job, bytes, lengths } satisfies VerifyJob, [bytes.buffer as ArrayBuffer]);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    await Promise.all([...this.#threads].map((thread) => this.#end(thread, new Error('The pool was closed'))));
  }

  /** Where no thread is idle one more is started, for later work: who is ready goes first. */
  #freest(): Thread {
    const [freest] = [...this.#threads].toSorted(
      (a, b) => Number(b.ready) - Number(a.ready) || a.jobs.size - b.jobs.size,
    );
    if (freest?.jobs.size === 0) return freest;
    const started = this.#threads.size < this.#limit ? this.#start() : undefined;
    return freest?.ready === true ? freest : (started ?? freest ?? this.#start());
  }

  #start(): Thread {
    const worker = new Worker(workerUrl, { workerData: this.#genesis, execArgv, name: 'medseal verification' });
    const thread: Thread = { worker, jobs: new Map(), ready: false };
    this.#threads.add(thread);
    worker.on('message', ({ job, found }: VerifyAnswer) => {
      // What comes while it is ended may not let the process end before.
      if (!this.#threads.has(thread)) return;
      thread.ready = true;
      const waiting = job === 'ready' ? undefined : thread.jobs.get(job);
      if (job !== 'ready') thread.jobs.delete(job);
      if (thread.jobs.size === 0) this.#rest(thread);
      waiting?.resolve(found);
    });
    worker.on('error', (error) => void this.#end(thread, error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => void this.#end(thread, new Error('A thread of the pool ended')));
    worker.unref();
    return thread;
  }

  #rest({ worker }: Thread): void {
    worker.unref();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      for (const thread of this.#threads) if (thread.jobs.size === 0) void this.#end(thread, new Error('idle'));
    }, IDLE).unref();
  }

  async #end(thread: Thread, error: Error): Promise<void> {
    if (!this.#threads.delete(thread)) return;
    for (const { reject } of thread.jobs.values()) reject(error);
    thread.jobs.clear();
    await thread.worker.terminate();
  }
}
