import { beforeEach, describe, expect, it } from 'vitest';
import { type CountedLedger, countedLedger } from '../../test/counted-ledger.ts';
import { logVerifiers, SignedLog } from '../../test/signed-log.ts';
import { SmallWorld } from '../../test/small-world.ts';
import { memoryProxyState } from '../memory/memory-proxy-state.ts';
import { memoryViewStore } from '../memory/memory-view-store.ts';
import type { Ledger, LedgerEntry } from '../ports/ledger.ts';
import { LedgerView } from '../view/ledger-view.ts';
import { addSignatures } from './add-signatures.ts';
import type { CheckpointState } from './checkpoint-state.ts';
import { cosign } from './cosign.ts';
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
    expect(log.ledger.read).toBe(0);
    const following = reader.entries({ after: all[10]?.cursor, follow: true })[Symbol.asyncIterator]();
    expect((await following.next()).value).toEqual(all[11]);
    const next = following.next();
    await log.grow(1);
    expect((await next).value).toMatchObject({ cursor: '12' });
    expect(log.ledger.read).toBe(2);
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
