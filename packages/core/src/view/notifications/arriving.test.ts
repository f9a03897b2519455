import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Person, start } from '../../../test/small-world.ts';
import { readerOf, Ward } from '../../../test/ward.ts';
import { LedgerUnavailableError } from '../../errors/ledger-errors.ts';
import { memoryViewStore } from '../../memory/memory-view-store.ts';
import { notifications } from '../../phases/audit/notifications.ts';
import type { EntriesOptions, Ledger, LedgerEntry } from '../../ports/ledger.ts';
import { LedgerView } from '../ledger-view.ts';
import type { Notification } from './notification.ts';

let ward: Ward;
let patient: Person;
let doctor: Person;

beforeEach(async () => {
  ward = new Ward();
  patient = await ward.world.person('patient');
  doctor = await ward.world.person('doctor', ['provider']);
});

/** A ledger that gives its entries one by one, as it is told to. */
class Trickle {
  readonly ledger: Ledger;
  #given = 0;
  #more = Promise.withResolvers<void>();

  constructor(all: readonly LedgerEntry[], inner: Ledger) {
    this.ledger = Object.assign(Object.create(inner) as Ledger, {
      entries: async function* (
        this: Trickle,
        { after, follow, signal }: EntriesOptions = {},
      ): AsyncGenerator<LedgerEntry> {
        for (let next = all.findIndex(({ cursor }) => cursor === after) + 1; next < all.length; next++) {
          while (next >= this.#given) {
            await this.#more.promise;
            signal?.throwIfAborted();
          }
          const entry = all[next];
          if (entry !== undefined) yield entry;
        }
        if (follow === true) await new Promise(() => {});
      }.bind(this),
    });
  }

  async give(number: number): Promise<void> {
    this.#given += number;
    this.#more.resolve();
    this.#more = Promise.withResolvers();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Reads on for ever; what was told so far. */
function listening(reading: AsyncGenerator<Notification>): {
  readonly types: string[];
  readonly ended: Promise<unknown>;
} {
  const types: string[] = [];
  const read = async (): Promise<void> => {
    for await (const { type } of reading) types.push(type);
  };
  return { types, ended: read().catch((error: unknown) => error) };
}

async function trickle(): Promise<Trickle> {
  return new Trickle(await Array.fromAsync(ward.world.ledger.entries()), ward.world.ledger);
}

describe('before a view has read the log', () => {
  it('entries are told as they come', async () => {
    await ward.ask(doctor, patient, 100);
    await ward.ask(doctor, patient, 100);
    const slow = await trickle();
    const view = new LedgerView(slow.ledger);
    const { types } = listening(notifications(readerOf(patient, view, () => start)));
    await slow.give(1);
    await vi.waitFor(() => expect(types).toEqual(['registered']));
    await slow.give(2);
    await vi.waitFor(() => expect(types).toEqual(['registered', 'accessRequested']));
    await slow.give(1);
    await vi.waitFor(() => expect(types).toEqual(['registered', 'accessRequested', 'accessRequested']));
  });

  it('what comes behind a cursor is told as soon as that is reached', async () => {
    const first = notifications(readerOf(patient, new LedgerView(ward.world.ledger), () => start));
    const { cursor: after } = (await first.next()).value as Notification;
    await first.return(undefined);
    await ward.ask(doctor, patient, 100);
    await ward.ask(doctor, patient, 100);
    const slow = await trickle();
    const { types } = listening(
      notifications(
        readerOf(patient, new LedgerView(slow.ledger), () => start),
        { after },
      ),
    );
    await slow.give(1);
    expect(types).toEqual([]);
    await slow.give(2);
    await vi.waitFor(() => expect(types).toEqual(['accessRequested']));
  });

  it('an end by the own clock waits for what the ledger has by then, and nothing else waits for it', async () => {
    await ward.ask(doctor, patient, 10);
    await ward.grant(patient, doctor, 100);
    await ward.grant(patient, doctor, 100);
    const slow = await trickle();
    const view = new LedgerView(slow.ledger);
    const { types } = listening(notifications(readerOf(patient, view, () => start + 50)));
    await slow.give(3);
    await vi.waitFor(() => expect(types).toEqual(['registered', 'accessRequested']));
    await slow.give(1);
    await vi.waitFor(() => expect(types.slice(2)).toEqual(['accessGranted']));
    await slow.give(1);
    await vi.waitFor(() => expect(types.slice(3)).toEqual(['accessGranted', 'requestExpired']));
  });

  it('what its store has is told without the ledger', async () => {
    await ward.ask(doctor, patient, 100);
    const store = memoryViewStore();
    await new LedgerView(ward.world.ledger, { store }).sync();
    const down = Object.assign(Object.create(ward.world.ledger) as Ledger, {
      entries: () => {
        throw new LedgerUnavailableError('down');
      },
    });
    const { types, ended } = listening(notifications(readerOf(patient, new LedgerView(down, { store }), () => start)));
    expect(await ended).toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    expect(types).toEqual(['registered', 'accessRequested']);
  });

  it('a failure of the ledger ends it also while an end is due', async () => {
    await ward.ask(doctor, patient, 10);
    const store = memoryViewStore();
    await new LedgerView(ward.world.ledger, { store }).sync();
    const down = Object.assign(Object.create(ward.world.ledger) as Ledger, {
      entries: () => {
        throw new LedgerUnavailableError('down');
      },
    });
    const view = new LedgerView(down, { store });
    const { types, ended } = listening(notifications(readerOf(patient, view, () => start + 50)));
    expect(await ended).toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    expect(types).toEqual(['registered', 'accessRequested']);
    const stop = new AbortController();
    const silent = await trickle();
    const waiting = new LedgerView(silent.ledger, { store });
    const { signal } = stop;
    const other = listening(
      notifications(
        readerOf(patient, waiting, () => start + 50),
        { signal },
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    const reason = new Error('enough');
    stop.abort(reason);
    expect(await other.ended).toBe(reason);
  });
});

describe('a long log', () => {
  /** How often others had their turn while the work went on. Time flies: each look at the clock takes ten milliseconds. */
  async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
    let [turns, time] = [0, performance.now()];
    let immediate = setImmediate(function again() {
      turns += 1;
      immediate = setImmediate(again);
    });
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (time += 10));
    try {
      await work();
    } finally {
      clearImmediate(immediate);
      clock.mockRestore();
    }
    return turns;
  }

  it('lets the rest of the program run: while it is read, resumed, and told', async () => {
    for (let more = 0; more < 60; more++) await ward.ask(doctor, patient, 100);
    const store = memoryViewStore();
    const view = new LedgerView(ward.world.ledger, { store });
    expect(await turnsDuring(() => view.sync())).toBeGreaterThan(10);
    const resumed = new LedgerView(ward.world.ledger, { store });
    expect(await turnsDuring(() => resumed.resume())).toBeGreaterThan(10);
    const nurse = await ward.world.person('nurse', ['provider']);
    await view.sync();
    // Of all that, one thing concerns the nurse.
    const reading = notifications(readerOf(nurse, view, () => start));
    let told: Notification | undefined;
    expect(await turnsDuring(async () => (told = (await reading.next()).value as Notification))).toBeGreaterThan(10);
    expect(told?.type).toBe('registered');
    await reading.return(undefined);
    await ward.grant(patient, nurse, 10);
    const again = notifications(
      readerOf(nurse, view, () => start),
      { after: told?.cursor },
    );
    expect(await turnsDuring(async () => (told = (await again.next()).value as Notification))).toBeGreaterThan(10);
    expect(told?.type).toBe('accessGranted');
    await again.return(undefined);
  });
});
