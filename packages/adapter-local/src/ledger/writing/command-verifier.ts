import { decodeCommand, type Genesis, type RecoverSigner, type Verification, verifyCommand } from '@medseal/protocol';
import { nativeRecovery } from './native-recovery.ts';
import { VerifyPool } from './verify-pool.ts';
import type { Finding } from './verify-worker.ts';

/** Milliseconds over which the load is counted. */
const WINDOW = 50;
/** Commands in a window from which on other threads pay: a signature takes about 1 ms in JavaScript. */
const BUSY = 8;
/**
 * Where a signature takes 50 µs, commands that must have come together for threads to pay. On two cores 16 at once take
 * as long with threads as without, and half as much processor time again; 256 take two thirds of the time.
 */
const TOGETHER = 32;
/** Commands in one message to a thread. */
const CHUNK = 32;

interface Request {
  readonly wire: Uint8Array;
  readonly resolve: (verification: Verification) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Checks bytes and signatures of commands: here while there are few, on other cores under load. Threads say which
 * commands are good and their ids, so that this one only decodes.
 */
export class CommandVerifier implements AsyncDisposable {
  readonly #genesis: Genesis;
  readonly #recover: RecoverSigner | undefined;
  readonly #pool: VerifyPool | undefined;
  #requests: Request[] = [];
  #window = { start: 0, count: 0, before: 0 };

  constructor(genesis: Genesis, recover: RecoverSigner | undefined, pool: VerifyPool | undefined) {
    this.#genesis = genesis;
    this.#recover = recover;
    this.#pool = pool;
  }

  /** @param threads most threads; 0 for none, by default one a core */
  static async start(genesis: Genesis, threads: number | undefined): Promise<CommandVerifier> {
    const native = await nativeRecovery();
    const pool = threads === 0 ? undefined : new VerifyPool(genesis, threads);
    return new CommandVerifier(genesis, native, pool);
  }

  verify(wire: Uint8Array): Promise<Verification> {
    return new Promise((resolve, reject) => {
      this.#requests.push({ wire, resolve, reject });
      // What is submitted in one turn of the event loop is seen together.
      if (this.#requests.length === 1) queueMicrotask(() => this.#flush());
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool?.[Symbol.asyncDispose]();
  }

  #flush(): void {
    const requests = this.#requests;
    this.#requests = [];
    const pool = this.#pool;
    if (pool === undefined || !this.#pays(requests.length) || !pool.isReady()) return this.#verifyHere(requests);
    const size = Math.min(CHUNK, Math.ceil(requests.length / pool.limit));
    for (let at = 0; at < requests.length; at += size) void this.#verifyThere(pool, requests.slice(at, at + size));
  }

  #pays(more: number): boolean {
    return this.#recover === undefined ? this.#busy(more) : more >= TOGETHER;
  }

  #busy(more: number): boolean {
    const now = performance.now();
    const { start, count, before } = this.#window;
    if (now - start > WINDOW) this.#window = { start: now, count: more, before: now - start < 2 * WINDOW ? count : 0 };
    else this.#window = { start, count: count + more, before };
    return Math.max(this.#window.count, this.#window.before) >= BUSY;
  }

  /** A few, then others have their turn. */
  #verifyHere(requests: readonly Request[]): void {
    for (const request of requests.slice(0, BUSY)) this.#verifyOne(request);
    const rest = requests.slice(BUSY);
    if (rest.length > 0) setImmediate(() => this.#verifyHere(rest));
  }

  #verifyOne({ wire, resolve, reject }: Request): void {
    try {
      resolve(verifyCommand(wire, this.#genesis, { recover: this.#recover }));
    } catch (error) {
      reject(error);
    }
  }

  async #verifyThere(pool: VerifyPool, requests: readonly Request[]): Promise<void> {
    const found = await pool.verify(requests.map(({ wire }) => wire)).catch(() => undefined);
    // No threads here, or one died: what they would have said can be computed.
    if (found === undefined) return this.#verifyHere(requests);
    requests.forEach((request, i) => {
      const finding = found[i];
      if (finding === undefined) this.#verifyOne(request);
      else request.resolve(asVerification(finding, request.wire));
    });
  }
}

/** A good command was read strictly on the thread, from these bytes. */
function asVerification(finding: Finding, wire: Uint8Array): Verification {
  if (finding[0] === 'refused') return { outcome: 'rejected', code: finding[1] };
  const { command, definition } = decodeCommand(wire);
  return { id: finding[1], command, definition };
}
