import { beforeEach, describe, expect, it } from 'vitest';
import { type CountedLedger, countedLedger } from '../../test/counted-ledger.ts';
import { logVerifiers, SignedLog } from '../../test/signed-log.ts';
import { SmallWorld } from '../../test/small-world.ts';
import { LedgerUnavailableError } from '../errors/ledger-errors.ts';
import { memoryProxyState } from '../memory/memory-proxy-state.ts';
import { memoryViewStore } from '../memory/memory-view-store.ts';
import type { Ledger, LedgerEntry } from '../ports/ledger.ts';
import { LedgerView } from '../view/ledger-view.ts';
import { addSignatures } from './add-signatures.ts';
import type { CheckpointState } from './checkpoint-state.ts';
import { cosign } from './cosign.ts';
import { loadReaderState, saveReaderState } from './reader-state.ts';
import type { VerifiedPlace } from './verified-places.ts';
import { witnessedLedger } from './witnessed-ledger.ts';
import { ed25519WitnessSigner } from './witness-signer.ts';
import { witnessVerifier } from './witness-verifier.ts';

const now = 1_800_000_000;
const witness = ed25519WitnessSigner({ name: 'witness.example/north', secretKey: new Uint8Array(32).fill(1) });
const requireWitnesses = { verifiers: [witnessVerifier(witness.verifierKey)], quorum: 1 };
const rewritten: unknown = expect.objectContaining({ code: 'LEDGER_REWRITTEN' });

/** A log with people in it, which the witness has cosigned. */
class Log {
  readonly world = new SmallWorld();
  readonly signed = new SignedLog();
  readonly ledger: CountedLedger = Object.assign(countedLedger(this.world.ledger), {
    head: () => this.world.ledger.head(),
  });
  #people = 0;

  /** @param later seconds by which it then differs from a log of as many people */
  async grow(number: number, later = 0): Promise<this> {
    this.world.time += later;
    for (let more = 0; more < number; more++) await this.world.person(`person ${this.#people++}`);
    await this.signed.grow(this.world.ledger);
    const note = this.signed.checkpoint();
    this.signed.keep(addSignatures(note, cosign(note, witness, now)));
    return this;
  }

  all(): Promise<LedgerEntry[]> {
    return Array.fromAsync(this.world.ledger.entries());
  }
}

let log: Log;
let state: CheckpointState;

beforeEach(() => {
  log = new Log();
  state = memoryProxyState();
});

/** A reader as after a start, and that has counted nothing yet. */
function started({ ledger, signed }: Log = log, from = state): Ledger {
  ledger.read = 0;
  const clocks = { pollInterval: 1, clock: () => now };
  return witnessedLedger({
    ledger,
    checkpoints: signed,
    verifiers: logVerifiers,
    requireWitnesses,
    state: from,
    ...clocks,
  });
}

const entriesOf = (ledger: Ledger, after?: string): Promise<LedgerEntry[]> =>
  Array.fromAsync(ledger.entries({ after }));

describe('a reader that is started again', () => {
  it('reads on where a view was, not from the beginning', async () => {
    const store = memoryViewStore();
    await log.grow(20);
    await new LedgerView(started(), { store }).sync();
    expect(log.ledger.read).toBe(20);
    for (const more of [0, 1, 7]) {
      await log.grow(more);
      const view = new LedgerView(started(), { store });
      await view.sync();
      // The last one that was saved comes again, since the view asks whether it is still there.
      expect(log.ledger.read).toBe(1 + more);
      expect(view.entries).toHaveLength(log.signed.size);
    }
  });

  it('gives the same as one that was never stopped, behind any cursor', async () => {
    for (const more of [5, 1, 0, 9]) {
      await log.grow(more);
      const all = await log.all();
      for (const index of all.keys()) {
        const after = index === 0 ? undefined : all[index - 1]?.cursor;
        expect(await entriesOf(started(), after), `behind ${index}`).toEqual(all.slice(index));
      }
    }
  });

  it('begins at a place that it remembers for a cursor a little behind it', async () => {
    await log.grow(30);
    await entriesOf(started());
    await log.grow(10);
    await entriesOf(started());
    const all = await log.all();
    expect(await entriesOf(started(), all[34]?.cursor)).toEqual(all.slice(35));
    // From the last but one of the first thirty.
    expect(log.ledger.read).toBe(11);
    expect(await entriesOf(started(), all[10]?.cursor)).toEqual(all.slice(11));
  });

  it('knows the head at once, and follows', async () => {
    await log.grow(12);
    await entriesOf(started());
    const all = await log.all();
    const reader = started();
    expect((await reader.head()).cursor).toBe(all.at(-1)?.cursor);
    expect((await reader.head()).cursor).toBe(all.at(-1)?.cursor);
    // The last one, which shows that the cursor is its own.
    expect(log.ledger.read).toBe(1);
    const following = reader.entries({ after: all[10]?.cursor, follow: true })[Symbol.asyncIterator]();
    expect((await following.next()).value).toEqual(all[11]);
    const next = following.next();
    await log.grow(1);
    expect((await next).value).toMatchObject({ cursor: '12' });
    expect(log.ledger.read).toBe(3);
  });

  it('keeps little', async () => {
    await log.grow(255);
    await entriesOf(started());
    expect((await state.load())?.length).toBeLessThan(2000);
  });
});

describe('a reader that reads on after a start', () => {
  let seen: readonly LedgerEntry[];
  beforeEach(async () => {
    await log.grow(9);
    seen = await entriesOf(started());
  });
  const behindLast = (other: Log, number = 1): Promise<LedgerEntry[]> =>
    entriesOf(started(other), seen.at(-1 - number)?.cursor);

  it('refuses the other side of a split log, long or short, also when the witness was deceived', async () => {
    for (const more of [3, 4, 9]) {
      const other = await new Log().grow(6);
      await other.grow(more, 1);
      await expect(behindLast(other)).rejects.toEqual(rewritten);
    }
  });

  it('refuses a log that went back', async () => {
    for (const size of [8, 5, 1]) await expect(behindLast(await new Log().grow(size))).rejects.toEqual(rewritten);
  });

  it('refuses entries that are not those that were signed, and a log that ends before', async () => {
    await log.grow(4);
    const all = await log.all();
    const other = await (await new Log().grow(9)).grow(4, 1);
    log.ledger.log = await other.all();
    await expect(behindLast(log)).rejects.toMatchObject({ name: 'UnverifiedLogError', failed: 'root' });
    log.ledger.log = all.slice(0, -1);
    await expect(behindLast(log)).rejects.toEqual(rewritten);
    log.ledger.log = all;
    expect(await behindLast(log)).toEqual(all.slice(8));
  });

  it('never gives wrong entries, whatever became of what it remembers', async () => {
    const honest = await state.load();
    await log.grow(3);
    const expected = (await log.all()).slice(8);
    const outcomes = new Set<string>();
    for (let at = 0; at < (honest?.length ?? 0); at += 3) {
      const damaged: CheckpointState = {
        load: async () => honest?.with(at, (honest[at] ?? 0) ^ 1),
        save: async () => {},
      };
      const given = await entriesOf(started(log, damaged), seen.at(-2)?.cursor).catch((error: unknown) => error);
      if (Array.isArray(given)) expect(given).toEqual(expected);
      else expect(given).toMatchObject({ medseal: true });
      outcomes.add(Array.isArray(given) ? 'given' : 'refused');
    }
    expect(outcomes).toEqual(new Set(['given', 'refused']));
  });
});

describe('a reader whose saved state names a wrong place', () => {
  let all: readonly LedgerEntry[];
  beforeEach(async () => {
    await log.grow(9);
    await entriesOf(started());
    await log.grow(4);
    all = await log.all();
  });

  /** Has the state name other places, as a disk or a hand may. */
  async function misplace(change: (place: VerifiedPlace) => VerifiedPlace): Promise<void> {
    const saved = await loadReaderState(state, logVerifiers);
    if (saved === undefined) throw new TypeError('Nothing was saved');
    expect(saved.places.map(({ frontier }) => frontier.size)).toEqual([8, 9]);
    await saveReaderState(state, { ...saved, places: saved.places.map(change) });
  }

  const changes: readonly (readonly [string, (place: VerifiedPlace) => VerifiedPlace])[] = [
    [
      'in another tree',
      (place) => ({
        ...place,
        frontier: { ...place.frontier, hashes: place.frontier.hashes.map((hash) => hash.with(7, 1)) },
      }),
    ],
    ['at another entry', (place) => ({ ...place, cursor: String(Number(place.cursor) - 3) })],
    ['at an entry that the log has not', (place) => ({ ...place, cursor: '99' })],
    [
      'at another size',
      ({ cursor, frontier: { size, hashes } }) => ({
        cursor,
        frontier: size === 8 ? { size: 4, hashes } : { size: 5, hashes },
      }),
    ],
  ];

  it.each(changes)('reads from the beginning, and puts it right: %s', async (_, change) => {
    await misplace(change);
    expect(await entriesOf(started(), all[7]?.cursor)).toEqual(all.slice(8));
    expect(log.ledger.read).toBeGreaterThanOrEqual(13);
    expect(await entriesOf(started(), all[11]?.cursor)).toEqual(all.slice(12));
    expect(log.ledger.read).toBe(1);
  });

  it.each(changes)('knows the head all the same: %s', async (_, change) => {
    await misplace(change);
    expect((await started().head()).cursor).toBe(all.at(-1)?.cursor);
    expect(await entriesOf(started(), all[11]?.cursor)).toEqual(all.slice(12));
    expect(log.ledger.read).toBe(1);
  });

  it.each(changes)('refuses entries that were not signed, as ever: %s', async (_, change) => {
    await misplace(change);
    log.ledger.log = await (await (await new Log().grow(9)).grow(4, 1)).all();
    await expect(entriesOf(started(), all[7]?.cursor)).rejects.toMatchObject({ medseal: true, retryable: false });
    log.ledger.log = all.slice(0, -1);
    await expect(entriesOf(started(), all[7]?.cursor)).rejects.toEqual(rewritten);
    await expect(started().head()).rejects.toEqual(rewritten);
    // A log that went back is found by what was accepted, which stands as it did.
    await expect(entriesOf(started(await new Log().grow(8)))).rejects.toEqual(rewritten);
    expect((await loadReaderState(state, logVerifiers))?.accepted.size).toBeGreaterThanOrEqual(9);
  });

  it('hides no entries behind a cursor that was put in the place of the last one', async () => {
    await entriesOf(started());
    const saved = await loadReaderState(state, logVerifiers);
    if (saved === undefined) throw new TypeError('Nothing was saved');
    const cursor = all[9]?.cursor ?? '';
    const [last] = saved.places.slice(-1);
    if (last === undefined) throw new TypeError('No place was saved');
    for (const places of [[...saved.places.slice(0, -1), { ...last, cursor }], [{ ...last, cursor }]]) {
      await saveReaderState(state, { ...saved, places });
      expect(await entriesOf(started(), cursor)).toEqual(all.slice(10));
      await saveReaderState(state, { ...saved, places });
      expect((await started().head()).cursor).toBe(all[12]?.cursor);
    }
  });

  it('passes over a place beyond what was accepted', async () => {
    const accepted = (await loadReaderState(state, logVerifiers))?.accepted;
    if (accepted === undefined) throw new TypeError('Nothing was saved');
    const hashes = [new Uint8Array(32), new Uint8Array(32)];
    await saveReaderState(state, { accepted, places: [{ cursor: '9', frontier: { size: 10, hashes } }] });
    expect(await entriesOf(started(), all[7]?.cursor)).toEqual(all.slice(8));
  });

  it('lets no view be led past entries by a ledger that names others by the cursors of the view', async () => {
    const store = memoryViewStore();
    await new LedgerView(started(), { store }).sync();
    await log.grow(5);
    const entries = log.ledger.entries.bind(log.ledger);
    const [hidden, shown] = [all[11]?.cursor, (await log.all())[15]?.cursor];
    // It refuses to read on, and from the beginning it swaps two cursors.
    log.ledger.entries = async function* (options = {}) {
      if (options.after !== undefined) throw new RangeError('The test’s ledger knows no such cursor');
      for await (const entry of entries(options)) {
        const swapped = entry.cursor === hidden ? shown : entry.cursor === shown ? hidden : undefined;
        yield swapped === undefined ? entry : { ...entry, cursor: swapped };
      }
    };
    await expect(new LedgerView(started(), { store }).sync()).rejects.toEqual(rewritten);
  });

  it('does not read all because the ledger is out of reach', async () => {
    await misplace((place) => ({ ...place, cursor: '99' }));
    const reader = started();
    let tried = 0;
    const entries = log.ledger.entries.bind(log.ledger);
    log.ledger.entries = () => {
      tried++;
      throw new LedgerUnavailableError('The test’s ledger is out of reach');
    };
    await expect(entriesOf(reader, '8')).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    expect(tried).toBe(1);
    log.ledger.entries = entries;
    expect(await entriesOf(reader, '8')).toEqual(all.slice(9));
  });

  it('does not read all for a wrong log once it has verified where it is itself', async () => {
    const reader = started();
    expect(await entriesOf(reader, all[7]?.cursor)).toEqual(all.slice(8));
    await log.grow(1);
    log.ledger.log = [...all, ...(await log.all()).slice(12, 13)];
    log.ledger.read = 0;
    await expect(entriesOf(reader, all[12]?.cursor)).rejects.toMatchObject({ failed: 'root' });
    expect(log.ledger.read).toBe(1);
  });
});
