import type { CommandId, LedgerCode, Verification } from '@medseal/protocol';
import { ledgerCode, rejections } from '@medseal/protocol';

/** Commands that the memory holds at a time; a power of two, so that the counters may wrap. */
export const SLOTS = 256;
/** Bytes of the longest command that has a slot. No well-formed command is longer. */
export const LONGEST = 2_752;

const HEADER = 64;
const STRIDE = HEADER + LONGEST;
/** Bytes of the block in front of the slots: one word in each line of 64, so that cores do not fight over a line. */
const CONTROL = 384;
const LINE = 16;
const GIVEN = 0;
const TAKEN = LINE;
const ANSWERED = 2 * LINE;
const WAKE_AT = 3 * LINE;
const ASLEEP = 4 * LINE;
const READY = 5 * LINE;

/** Words of a slot's header; the id of a good command stands behind them. */
const STATE = 0;
const LENGTH = 1;
const ID = 8;
const DIGEST = 32;

/** States of a slot. A positive one is the number of the code that refuses the command. */
const PENDING = 0;
const GOOD = -1;

/** The id of a good command, or the code that refuses it. */
export type Finding = { readonly id: CommandId } | { readonly code: LedgerCode };

export function asFinding(verified: Verification): Finding {
  return 'outcome' in verified ? { code: verified.code } : { id: verified.id };
}

/**
 * Memory that this thread shares with those that verify: a ring of commands and of what was found. One thread gives,
 * any number take. A command costs no message; whoever has nothing to do is woken.
 */
export class VerifySlots {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #digests: Buffer;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(CONTROL + SLOTS * STRIDE)) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
    this.#bytes = new Uint8Array(memory);
    this.#digests = Buffer.from(memory);
  }

  /** Puts command number `n` into its slot, which must be free. Nobody takes it before `publish`. */
  put(n: number, wire: Uint8Array): void {
    const at = slotAt(n);
    this.#bytes.set(wire, at + HEADER);
    this.#words[(at >> 2) + LENGTH] = wire.length;
    this.#words[(at >> 2) + STATE] = PENDING;
  }

  /** Lets threads take the commands before number `n`, and wakes as many as there may be work for. */
  publish(n: number): void {
    const before = Atomics.exchange(this.#words, GIVEN, n | 0);
    Atomics.notify(this.#words, GIVEN, (n - before) | 0);
  }

  /** What was found of command number `n`; `undefined` while nothing was. */
  found(n: number): Finding | undefined {
    const at = slotAt(n);
    const state = Atomics.load(this.#words, (at >> 2) + STATE);
    if (state === PENDING) return undefined;
    const code = ledgerCode(state);
    if (code !== undefined) return { code };
    return { id: `0x${this.#digests.toString('hex', at + ID, at + ID + DIGEST)}` };
  }

  /** Commands that were given and of which something was found: the lower 32 bits of their number. */
  get answered(): number {
    return Atomics.load(this.#words, ANSWERED);
  }

  /** Whether so many commands are answered. */
  isTime(wakeAt: number): boolean {
    return ((this.answered - wakeAt) | 0) >= 0;
  }

  /** Asks for a message when `wakeAt` commands are answered. `false` when they are, so that no message comes. */
  sleep(wakeAt: number): boolean {
    Atomics.store(this.#words, WAKE_AT, wakeAt | 0);
    Atomics.store(this.#words, ASLEEP, 1);
    // A thread that answered in between may not have seen it.
    return !this.#isTime(Atomics.load(this.#words, ANSWERED)) || Atomics.exchange(this.#words, ASLEEP, 0) === 0;
  }

  /** Threads that have begun. */
  get ready(): number {
    return Atomics.load(this.#words, READY);
  }

  /** On a thread: `1` when it begins, `-1` when it ends. */
  countReady(more: 1 | -1): void {
    Atomics.add(this.#words, READY, more);
  }

  /** On a thread: the number of a command that is its own to verify. `undefined` when for `idle` ms there was none. */
  take(idle: number): number | undefined {
    for (;;) {
      const given = Atomics.load(this.#words, GIVEN);
      const taken = this.takeOne();
      if (taken !== undefined) return taken;
      if (Atomics.wait(this.#words, GIVEN, given, idle) === 'timed-out') return undefined;
    }
  }

  /** The number of a command that nobody has taken yet; `undefined` where there is none. */
  takeOne(): number | undefined {
    for (;;) {
      const taken = Atomics.load(this.#words, TAKEN);
      if (taken === Atomics.load(this.#words, GIVEN)) return undefined;
      if (Atomics.compareExchange(this.#words, TAKEN, taken, (taken + 1) | 0) === taken) return taken;
    }
  }

  /** A copy of command number `n`, for who took it. */
  wire(n: number): Uint8Array {
    const at = slotAt(n);
    const start = at + HEADER;
    return this.#bytes.slice(start, start + (this.#words[(at >> 2) + LENGTH] ?? 0));
  }

  /** What was found of command number `n`, by who took it. `true` when the one who gave it is to be woken. */
  answer(n: number, finding: Finding): boolean {
    const at = slotAt(n);
    if ('id' in finding) this.#digests.write(finding.id.slice(2), at + ID, 'hex');
    const state = 'id' in finding ? GOOD : rejections[finding.code].number;
    Atomics.store(this.#words, (at >> 2) + STATE, state);
    const answered = (Atomics.add(this.#words, ANSWERED, 1) + 1) | 0;
    return this.#isTime(answered) && Atomics.exchange(this.#words, ASLEEP, 0) === 1;
  }

  #isTime(answered: number): boolean {
    return ((answered - Atomics.load(this.#words, WAKE_AT)) | 0) >= 0;
  }
}

function slotAt(n: number): number {
  return CONTROL + (n & (SLOTS - 1)) * STRIDE;
}
