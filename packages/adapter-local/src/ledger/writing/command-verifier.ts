import { availableParallelism } from 'node:os';
import {
  decodeCommand,
  type Genesis,
  type Keccak256,
  type RecoverSigner,
  type Verification,
  verifyCommand,
} from '@medseal/protocol';
import { nativeRecovery } from './native-recovery.ts';
import { RecentCommands } from './recent-commands.ts';
import { VerifyPool } from './verify-pool.ts';
import { asFinding, type Finding, LONGEST } from './verify-slots.ts';
import { wasmKeccak } from './wasm-keccak.ts';

/** When other threads pay. */
interface Load {
  /** Commands of the last moments: starting a thread takes as much processor time as a thousand commands. */
  readonly recent: number;
  /** Commands that wait at a time, for waking threads costs too. */
  readonly together: number;
}
/** A signature takes about 1 ms in JavaScript, in which nothing else can happen here. */
const JAVASCRIPT: Load = { recent: 8, together: 1 };
/** A command takes less than 0.1 ms, and committing one takes longer. */
const NATIVE: Load = { recent: 32, together: 8 };
/** Commands that are verified here at once, and milliseconds of going on with more; then others have their turn. */
const FEW = 8;
const TURN = 2;

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
  readonly #keccak256: Keccak256 | undefined;
  #requests: Request[] = [];
  #scheduled = false;
  #closed = false;
  readonly #recent = new RecentCommands();

  constructor(
    genesis: Genesis,
    recover: RecoverSigner | undefined,
    pool: VerifyPool | undefined,
    keccak256?: Keccak256,
  ) {
    this.#genesis = genesis;
    this.#recover = recover;
    this.#pool = pool;
    this.#keccak256 = keccak256;
  }

  /** @param threads most threads; 0 for none, by default one a core, with this one where that verifies too */
  static async start(genesis: Genesis, threads: number | undefined): Promise<CommandVerifier> {
    const native = await nativeRecovery();
    const keccak256 = await wasmKeccak();
    // In JavaScript a signature takes a millisecond, for which this thread would do nothing else.
    const help =
      native && ((wire: Uint8Array) => asFinding(verifyCommand(wire, genesis, { recover: native, keccak256 })));
    const limit = threads ?? Math.max(1, availableParallelism() - (help === undefined ? 0 : 1));
    const pool = limit === 0 ? undefined : new VerifyPool(genesis, { limit, help });
    return new CommandVerifier(genesis, native, pool, keccak256);
  }

  /** Rejects when this was closed before it knew. */
  verify(wire: Uint8Array): Promise<Verification> {
    this.#recent.add(performance.now());
    return new Promise((resolve, reject) => this.#enqueue({ wire, resolve, reject }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#pool?.[Symbol.asyncDispose]();
  }

  #enqueue(request: Request): void {
    this.#requests.push(request);
    if (this.#scheduled) return;
    this.#scheduled = true;
    // What is submitted in one turn of the event loop is seen together.
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#closed) return this.#refuse();
    const pool = this.#pool;
    if (pool !== undefined && this.#pays(pool)) this.#verifyThere(pool);
    else this.#verifyHere();
  }

  #pays(pool: VerifyPool): boolean {
    const { recent, together } = this.#recover === undefined ? JAVASCRIPT : NATIVE;
    const commands = this.#requests.length + pool.pending;
    return commands >= together && this.#recent.count >= recent && pool.isReady(commands);
  }

  #refuse(): void {
    for (const { reject } of this.#requests) reject(new Error('The verifier was closed'));
    this.#requests = [];
  }

  /** Some, then others have their turn. */
  #verifyHere(): void {
    const end = performance.now() + TURN;
    let done = 0;
    for (const request of this.#requests) {
      this.#verifyOne(request);
      done++;
      if (done >= FEW && performance.now() > end) break;
    }
    this.#requests.splice(0, done);
    if (this.#requests.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }

  #verifyOne({ wire, resolve, reject }: Request): void {
    try {
      resolve(verifyCommand(wire, this.#genesis, { recover: this.#recover, keccak256: this.#keccak256 }));
    } catch (error) {
      reject(error);
    }
  }

  #verifyThere(pool: VerifyPool): void {
    const requests = this.#requests;
    this.#requests = [];
    for (const request of requests) {
      if (request.wire.length > LONGEST) this.#verifyOne(request);
      else pool.give({ wire: request.wire, onFound: (finding) => this.#answer(request, finding) });
    }
    pool.publish();
  }

  #answer(request: Request, finding: Finding | undefined): void {
    // No threads here, or one died: what they would have said can be computed.
    if (finding === undefined) return this.#enqueue(request);
    try {
      request.resolve(asVerification(finding, request.wire));
    } catch (error) {
      request.reject(error);
    }
  }
}

/** A good command was read strictly on the thread, from these bytes. */
function asVerification(finding: Finding, wire: Uint8Array): Verification {
  if ('code' in finding) return { outcome: 'rejected', code: finding.code };
  const { command, definition } = decodeCommand(wire);
  return { id: finding.id, command, definition };
}
