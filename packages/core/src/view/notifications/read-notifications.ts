import type { Address } from '@medseal/protocol';
import { LedgerRewrittenError } from '../../errors/ledger-errors.ts';
import type { GrantView, ViewEntry } from '../facts.ts';
import type { LedgerView } from '../ledger-view.ts';
import { ActorBook } from './actor-book.ts';
import { type End, EndQueue } from './end-queue.ts';
import { dateOf, type Message, readEntry } from './messages.ts';
import type { ExpiryNotification, Notification } from './notification.ts';
import { formatCursor, type Position } from './position.ts';

export interface ReadOptions {
  readonly me: Address;
  readonly alsoGrant: (grant: GrantView) => boolean;
  readonly from: Position;
  /** The reader's own clock, seconds. */
  readonly now: () => number;
  readonly signal: AbortSignal | undefined;
}

/**
 * What concerns one participant from a position on, for ever. The order is that of the log; an end stands before the
 * first entry with which the ledger's clock has reached its second, or, where the reader's own clock is there first,
 * behind all entries that the ledger had by then.
 */
export async function* readNotifications(view: LedgerView, options: ReadOptions): AsyncGenerator<Notification> {
  const { now, signal } = options;
  const release = view.tail.hold();
  try {
    await view.sync({ signal });
    const reader = new Reader(view, options);
    let heldAllAt = -Infinity;
    for (;;) {
      signal?.throwIfAborted();
      const found = reader.next();
      if (found === 'passed over') continue;
      if (found !== undefined) {
        yield found;
        continue;
      }
      const [end, time] = [reader.nextEnd(), now()];
      if (end === undefined || time < end.until) {
        await view.tail.wait({ signal, timeout: end && (end.until - time) * 1000 });
      } else if (heldAllAt < end.until) {
        // What the ledger has by now comes first, so that the order does not depend on how fast entries travel.
        await view.sync({ signal });
        heldAllAt = time;
      } else {
        yield reader.takeEnd(end);
      }
    }
  } finally {
    release();
  }
}

/** Walks through a view's entries and the ends that follow from them. */
class Reader {
  readonly #view: LedgerView;
  readonly #book: ActorBook;
  readonly #ends = new EndQueue();
  #entries = 0;
  /** Every end up to this second, of the entries so far, was given. */
  #time: number;
  /** An end that was past when its entry came. */
  #late: End | undefined;

  /** @throws LedgerRewrittenError when the log does not reach the position. */
  constructor(view: LedgerView, { me, alsoGrant, from }: ReadOptions) {
    this.#view = view;
    this.#book = new ActorBook({ view, me, alsoGrant });
    this.#time = from.time;
    if (view.entries.length < from.entries) throw new LedgerRewrittenError('The log is shorter than the cursor says');
    for (; this.#entries < from.entries; this.#entries++) {
      const entry = view.entries[this.#entries];
      const { end } = entry ? this.#read(entry) : {};
      if (end === undefined || end.over) continue;
      const own = from.last === 'entry' && end.index === from.entries - 1;
      const through = from.last === 'end' && end.until === from.time ? from.through : Infinity;
      if (end.until > from.time || end.index > through) this.#ends.push(end);
      else if (own) this.#late = end;
    }
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
