import type { Address } from '@medseal/protocol';
import { LedgerRewrittenError } from '../../errors/ledger-errors.ts';
import type { GrantView, ViewEntry } from '../facts.ts';
import type { LedgerView } from '../ledger-view.ts';
import { ActorBook } from './actor-book.ts';
import type { CatchUp } from './catch-up.ts';
import { type End, EndQueue } from './end-queue.ts';
import { dateOf, type Message, readEntry } from './messages.ts';
import type { ExpiryNotification, Notification } from './notification.ts';
import { formatCursor, type Position } from './position.ts';

export interface WalkOptions {
  readonly me: Address;
  readonly alsoGrant: (grant: GrantView) => boolean;
  readonly from: Position;
}

/** Walks through a view's entries and the ends that follow from them. */
export class LogWalk {
  readonly #view: LedgerView;
  readonly #book: ActorBook;
  readonly #ends = new EndQueue();
  readonly #from: Position;
  #entries = 0;
  /** Every end up to this second, of the entries so far, was given. */
  #time: number;
  /** An end that was past when its entry came. */
  #late: End | undefined;

  constructor(view: LedgerView, { me, alsoGrant, from }: WalkOptions) {
    this.#view = view;
    this.#book = new ActorBook({ view, me, alsoGrant });
    this.#from = from;
    this.#time = from.time;
  }

  /**
   * Goes one entry on towards the position to begin at, and waits for it where the view does not have it yet. What was
   * handled is gone through again for what is to be remembered of it.
   *
   * @returns false once it has arrived.
   * @throws LedgerRewrittenError when the log does not reach the position.
   */
  async goToStart(catchUp: CatchUp): Promise<boolean> {
    const from = this.#from;
    if (this.#entries >= from.entries) return false;
    const entry = this.#view.entries[this.#entries];
    if (entry === undefined) {
      if (catchUp.heldAllAt > -Infinity) throw new LedgerRewrittenError('The log is shorter than the cursor says');
      await catchUp.wait();
      return true;
    }
    const { end } = this.#read(entry);
    this.#entries += 1;
    if (end === undefined) return true;
    const through = from.last === 'end' && end.until === from.time ? from.through : Infinity;
    if (end.until > from.time || end.index > through) this.#ends.push(end);
    // The end that was past when the last entry came, and was not handled yet.
    else if (from.last === 'entry' && end.index === from.entries - 1) this.#late = end;
    return true;
  }

  /** What comes next by the log alone; `undefined` at its end. */
  next(): Notification | 'passed over' | undefined {
    const late = this.#late;
    if (late !== undefined) {
      this.#late = undefined;
      return this.#expiry(late, { last: 'late', entries: this.#entries, time: this.#time, through: 0 });
    }
    const entry = this.#view.entries[this.#entries];
    if (entry === undefined) return undefined;
    const clock = Math.max(this.#book.clock, entry.time);
    const end = this.#ends.peek();
    if (end !== undefined && end.until <= clock) return this.takeEnd(end);
    this.#time = Math.max(this.#time, clock);
    return this.#takeEntry(entry);
  }

  nextEnd(): End | undefined {
    return this.#ends.peek();
  }

  /** Gives the next end. */
  takeEnd(end: End): ExpiryNotification {
    this.#ends.pop();
    this.#time = Math.max(this.#time, end.until);
    return this.#expiry(end, { last: 'end', entries: this.#entries, time: end.until, through: end.index });
  }

  #takeEntry(entry: ViewEntry): Notification | 'passed over' {
    const { message, end } = this.#read(entry);
    this.#entries += 1;
    if (end !== undefined && end.until <= this.#time) this.#late = end;
    else if (end !== undefined) this.#ends.push(end);
    if (message === undefined) return 'passed over';
    const { id, time, command, holder } = entry;
    const by = 'actor' in command ? command.actor : undefined;
    const cursor = this.#cursor({ last: 'entry', entries: this.#entries, time: this.#time, through: 0 });
    return { ...message, cursor, time: dateOf(time), entry: id, by, holder };
  }

  #read(entry: ViewEntry): { readonly message?: Message; readonly end?: End | undefined } {
    const message = readEntry(this.#book, entry);
    return message === undefined ? {} : { message, end: this.#book.begin(entry) };
  }

  #expiry({ type, number, patient, other, until }: End, position: Position): ExpiryNotification {
    const of = { cursor: this.#cursor(position), time: dateOf(until), patient };
    return type === 'grantExpired'
      ? { type, ...of, grant: number, grantee: other }
      : { type, ...of, request: number, requester: other };
  }

  #cursor(position: Position): string {
    return formatCursor(position, this.#view.genesis.domain);
  }
}
