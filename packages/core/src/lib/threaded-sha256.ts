import type { PacedHash, StreamingHash } from './crypto-backend.ts';
import { type HashLine, type HashListener, type HashThread, SLOT_BYTES } from './hash-thread.ts';

/** MiB that are held, or on their way to the thread, at most. */
const MAX_SLOTS = 16;

export interface ThreadedSha256Options {
  readonly thread: HashThread;
  /** Hashes where the thread can not, or need not. */
  readonly here: () => StreamingHash;
  /** Whether to ask for the thread after the first MiB, not only when 16 MiB have come. */
  readonly atOnce: boolean;
}

/** Closes the lines of hashes that were dropped half-way, with the streams they belonged to. */
const abandoned = new FinalizationRegistry<ThreadedWork>((work) => work.dispose());

/**
 * SHA-256 on a second thread. Bytes are copied at the call. Where there is no thread, or fewer than 16 MiB come, they are
 * hashed here. `update` and `digest` reject when the thread fails.
 */
export function threadedSha256(options: ThreadedSha256Options): PacedHash {
  const work = new ThreadedWork(options);
  const hash: PacedHash = {
    update: (bytes) => work.update(bytes),
    digest: () => work.digest(),
    dispose: () => work.dispose(),
  };
  abandoned.register(hash, work);
  return hash;
}

class ThreadedWork implements HashListener {
  readonly #thread: HashThread;
  readonly #makeHash: () => StreamingHash;
  readonly #atOnce: boolean;
  /** In order: held until there is a line, then at the thread. */
  readonly #filled: Uint8Array[] = [];
  #free: Uint8Array[] = [];
  #current: Uint8Array | undefined;
  #at = 0;
  #slots = 0;
  #line: HashLine | undefined;
  #here: StreamingHash | undefined;
  #wake: (() => void) | undefined;
  #digest: Uint8Array | undefined;
  #failure: { readonly cause: unknown } | undefined;

  constructor({ thread, here, atOnce }: ThreadedSha256Options) {
    this.#thread = thread;
    this.#makeHash = here;
    this.#atOnce = atOnce;
  }

  update(bytes: Uint8Array): Promise<void> | void {
    const left = this.#fill(bytes);
    if (left.length > 0) return this.#fillLater(left);
  }

  async digest(): Promise<Uint8Array> {
    if (this.#line === undefined) return this.#hashHere(this.#here ?? this.#makeHash()).digest();
    if (this.#at > 0) this.#flush();
    this.#line.end();
    while (this.#digest === undefined) await this.#answer(this.#line);
    return this.#digest;
  }

  dispose(): void {
    this.#line?.close();
    for (const slot of this.#free) this.#thread.giveSlot(slot);
    this.#free = [];
  }

  onHashed(): void {
    const hashed = this.#filled.shift();
    if (hashed !== undefined) this.#free.push(new Uint8Array(hashed.buffer));
    this.#wake?.();
  }

  onDigest(digest: Uint8Array): void {
    this.#digest = digest;
    this.#wake?.();
  }

  onFailure(cause: unknown): void {
    this.#failure = { cause };
    this.#wake?.();
  }

  /** Takes as many of the bytes as there is room for, and returns the others. */
  #fill(bytes: Uint8Array): Uint8Array {
    let left = bytes;
    while (left.length > 0 && this.#here === undefined) {
      const slot = this.#slot();
      if (slot === undefined) return left;
      const part = left.subarray(0, SLOT_BYTES - this.#at);
      slot.set(part, this.#at);
      this.#at += part.length;
      left = left.subarray(part.length);
      if (this.#at === SLOT_BYTES) this.#flush();
    }
    this.#here?.update(left);
    return left.subarray(left.length);
  }

  async #fillLater(bytes: Uint8Array): Promise<void> {
    let left = bytes;
    while (left.length > 0 && this.#line !== undefined) {
      await this.#answer(this.#line);
      left = this.#fill(left);
    }
  }

  #slot(): Uint8Array | undefined {
    this.#current ??= this.#free.pop();
    if (this.#current === undefined && this.#slots < MAX_SLOTS) {
      this.#current = this.#thread.takeSlot();
      this.#slots++;
    }
    return this.#current;
  }

  #flush(): void {
    if (this.#current === undefined) return;
    const filled = this.#current.subarray(0, this.#at);
    this.#current = undefined;
    this.#at = 0;
    this.#filled.push(filled);
    if (this.#line !== undefined) this.#line.send(filled);
    else if (this.#atOnce || this.#filled.length === MAX_SLOTS) this.#openLine();
  }

  #openLine(): void {
    try {
      this.#line = this.#thread.open(this);
    } catch {
      // The platform does not allow threads.
      this.#here = this.#hashHere(this.#makeHash());
      return;
    }
    for (const filled of this.#filled) this.#line.send(filled);
  }

  #hashHere(hash: StreamingHash): StreamingHash {
    for (const filled of this.#filled) hash.update(filled);
    if (this.#current !== undefined) hash.update(this.#current.subarray(0, this.#at));
    this.#filled.length = 0;
    this.#current = undefined;
    return hash;
  }

  async #answer(line: HashLine): Promise<void> {
    if (this.#failure === undefined) {
      line.wait(true);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      line.wait(false);
    }
    if (this.#failure !== undefined) throw new Error('The thread that hashes has ended', this.#failure);
  }
}
