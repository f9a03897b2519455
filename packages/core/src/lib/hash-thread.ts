/** What is used of Node's module `worker_threads`; its types are not at hand where core also runs in browsers. */
export interface WorkerThreads {
  readonly Worker: new (code: string, options: { eval: true; name: string; env: object; execArgv: string[] }) => Thread;
}

interface Thread {
  postMessage(message: { readonly id: number; readonly bytes?: Uint8Array }): void;
  on(event: 'message', listener: (answer: Answer) => void): unknown;
  on(event: 'error' | 'exit', listener: (cause: unknown) => void): unknown;
  ref(): void;
  unref(): void;
  terminate(): Promise<unknown>;
}

interface Answer {
  readonly id: number;
  /** Absent when bytes were hashed, and there may be more. */
  readonly digest?: Uint8Array;
}

/** What the thread tells of one hash. */
export interface HashListener {
  /** Of the pieces sent and not yet told of, the first is hashed. */
  onHashed(): void;
  onDigest(digest: Uint8Array): void;
  onFailure(cause: unknown): void;
}

/** One hash at the thread. */
export interface HashLine {
  /** Bytes in shared memory, which stay as they are until `onHashed`. */
  send(bytes: Uint8Array): void;
  /** No more bytes follow: asks for the digest. */
  end(): void;
  /** Somebody waits for an answer: meanwhile the process does not end by itself. */
  wait(waiting: boolean): void;
  /** Forgets the hash. May be called again. */
  close(): void;
}

/** As text, so that no bundler has to find a file. It is given bytes to hash, and no environment. */
const CODE = `
const { parentPort } = require('worker_threads');
const { createHash } = require('crypto');
const hashes = new Map();
parentPort.on('message', ({ id, bytes }) => {
  const hash = hashes.get(id) ?? createHash('sha256');
  if (bytes === undefined) {
    hashes.delete(id);
    parentPort.postMessage({ id, digest: hash.digest() });
  } else {
    hashes.set(id, hash.update(bytes));
    parentPort.postMessage({ id });
  }
});`;

const IDLE_MILLISECONDS = 5000;

/** Bytes of a slot. */
export const SLOT_BYTES: number = 1024 * 1024;
const MAX_SPARE_SLOTS = 16;

/** A thread that computes any number of SHA-256 side by side. It starts when needed and ends when idle. */
export class HashThread {
  readonly #threads: WorkerThreads;
  readonly #idleMilliseconds: number;
  readonly #listeners = new Map<number, HashListener>();
  #spare: Uint8Array[] = [];
  #thread: Thread | undefined;
  #waiting = 0;
  #opened = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(threads: WorkerThreads, idleMilliseconds: number = IDLE_MILLISECONDS) {
    this.#threads = threads;
    this.#idleMilliseconds = idleMilliseconds;
  }

  /** Throws what the platform throws where it does not allow a thread. */
  open(listener: HashListener): HashLine {
    clearTimeout(this.#idle);
    const thread = (this.#thread ??= this.#start());
    const id = this.#opened++;
    this.#listeners.set(id, listener);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    const post = (bytes?: Uint8Array): void => thread.postMessage(bytes === undefined ? { id } : { id, bytes });
    let ended = false;
    let waits = false;
    const line: HashLine = {
      send: post,
      end: () => {
        ended = true;
        post();
      },
      wait: (waiting) => {
        if (waiting === waits) return;
        waits = waiting;
        this.#wait(thread, waiting);
      },
      close: () => {
        line.wait(false);
        if (!this.#listeners.delete(id)) return;
        // The thread forgets it too; nobody listens to the answer.
        if (!ended) line.end();
        if (this.#listeners.size === 0) this.#endWhenIdle();
      },
    };
    return line;
  }

  /** 1 MiB of shared memory, holding anything. */
  takeSlot(): Uint8Array {
    return this.#spare.pop() ?? new Uint8Array(new SharedArrayBuffer(SLOT_BYTES));
  }

  /** A slot that the thread has done with. */
  giveSlot(slot: Uint8Array): void {
    if (this.#thread !== undefined && this.#spare.length < MAX_SPARE_SLOTS) this.#spare.push(slot);
  }

  #start(): Thread {
    const thread = new this.#threads.Worker(CODE, { eval: true, name: 'medseal SHA-256', env: {}, execArgv: [] });
    thread.on('message', ({ id, digest }) => {
      if (digest === undefined) this.#listeners.get(id)?.onHashed();
      else this.#listeners.get(id)?.onDigest(digest);
    });
    thread.on('error', (cause) => this.#fail(thread, cause));
    thread.on('exit', (cause) => this.#fail(thread, cause));
    thread.unref();
    return thread;
  }

  #wait(thread: Thread, waiting: boolean): void {
    if (this.#thread !== thread) return;
    this.#waiting += waiting ? 1 : -1;
    if (this.#waiting > 0) thread.ref();
    else thread.unref();
  }

  #fail(thread: Thread, cause: unknown): void {
    if (this.#thread !== thread) return;
    this.#forget();
    const failed = [...this.#listeners.values()];
    this.#listeners.clear();
    for (const listener of failed) listener.onFailure(cause);
  }

  #endWhenIdle(): void {
    const idle: unknown = setTimeout(() => {
      const thread = this.#thread;
      this.#forget();
      void thread?.terminate();
    }, this.#idleMilliseconds);
    (idle as { unref?: () => void }).unref?.();
    this.#idle = idle as ReturnType<typeof setTimeout>;
  }

  #forget(): void {
    this.#thread = undefined;
    this.#waiting = 0;
    this.#spare = [];
  }
}
