import type { LedgerEntry } from '@medseal/core/adapter';
import { LedgerView } from '@medseal/core';
import { hashOf } from '../sequence/cast.ts';
import { expectEqual, expectRejection, expectTrue, within } from '../suite/expect.ts';
import { type LedgerCase, onLedger } from './ledger-case.ts';
import { collect, type LedgerWorld } from './ledger-world.ts';

/** Milliseconds within which a follower must see what was committed. */
const SOON = 10_000;

async function commitSome(world: LedgerWorld): Promise<readonly Uint8Array[]> {
  const grant = hashOf('a grant');
  const wires = [world.desk.request(), world.desk.grant(grant), world.desk.use(grant), world.desk.use(hashOf('none'))];
  for (const wire of wires) {
    await world.wait(1);
    await world.commit(wire);
  }
  return wires;
}

async function take(entries: AsyncIterator<LedgerEntry>): Promise<LedgerEntry | undefined> {
  const next = await entries.next();
  return next.done === true ? undefined : next.value;
}

/** Order, cursors, following, head. */
export const logCases: readonly LedgerCase[] = [
  {
    name: 'an empty log has no entries and no last cursor',
    run: async (world) => {
      expectEqual(await world.log(), [], 'entries of an empty log');
      const head = await world.ledger.head();
      expectEqual(head.cursor, undefined, 'cursor of an empty log');
      expectTrue(head.time >= world.now, 'the head has the time of the ledger', head.time);
    },
  },

  onLedger('holds accepted commands whole and in order, with times that never step back', async (world) => {
    const start = world.now;
    const wires = await commitSome(world);
    const log = (await world.log()).slice(2);
    const times = wires.map((_, index) => start + 1 + index);
    const violations = [undefined, undefined, undefined, 'NO_GRANT'];
    const expected = wires.map((wire, index) => ({ wire, time: times[index], violation: violations[index] }));
    const seen = log.map(({ wire, time, violation }) => ({ wire, time, violation }));
    expectEqual(seen, expected, 'the log');
    expectEqual(new Set(log.map(({ cursor }) => cursor)).size, wires.length, 'number of different cursors');
  }),

  onLedger('goes on behind any cursor', async (world) => {
    await commitSome(world);
    const log = await world.log();
    for (const [index, { cursor }] of log.entries()) {
      const rest = await collect(world.ledger.entries({ after: cursor }));
      expectEqual(rest, log.slice(index + 1), `entries after entry ${index}`);
    }
  }),

  onLedger('its head is the last entry and the time that the next command gets', async (world) => {
    expectEqual((await world.ledger.head()).cursor, (await world.log()).at(-1)?.cursor, 'cursor of the head');
    await world.wait(7);
    const { time } = await world.ledger.head();
    const receipt = await world.commit(world.desk.request());
    expectTrue(receipt.time >= time, 'the next command gets the time of the head or more', receipt.time);
    expectEqual(receipt.time, world.now, 'time of the receipt');
    expectEqual((await world.ledger.head()).cursor, receipt.cursor, 'cursor of the head after a commit');
  }),

  onLedger('can be followed until the signal aborts', async (world) => {
    const abort = new AbortController();
    const after = (await world.log()).at(0)?.cursor;
    const following = world.ledger.entries({ after, follow: true, signal: abort.signal })[Symbol.asyncIterator]();
    expectEqual(await take(following), (await world.log()).at(1), 'the first entry behind the cursor');
    for (const terms of ['one', 'two']) {
      const coming = take(following);
      const receipt = await world.commit(world.desk.request({ terms: hashOf(terms) }));
      const entry = await within(SOON, coming, 'a follower sees the next entry');
      expectEqual(entry?.cursor, receipt.cursor, 'cursor of the followed entry');
    }
    const waiting = take(following);
    const reason = new Error('enough');
    abort.abort(reason);
    await expectRejection(within(SOON, waiting, 'an aborted follower ends'), reason, 'an aborted follower');
  }),

  onLedger('shares no memory with those who submit and read', async (world) => {
    const wire = world.desk.request();
    const own = wire.slice();
    await world.commit(own);
    own.fill(0);
    for (const entry of await world.log()) entry.wire.fill(0);
    expectEqual((await world.log()).at(-1)?.wire, wire, 'the command in the log');
  }),

  onLedger('serves several readers, also when one leaves early', async (world) => {
    await commitSome(world);
    const log = await world.log();
    const [first, second] = [world.ledger.entries(), world.ledger.entries()];
    for await (const entry of first) {
      expectEqual(entry, log[0], 'the first entry');
      break;
    }
    expectEqual(await collect(second), log, 'what another reader sees');
  }),

  {
    ...onLedger('goes on after a restart: the same log, receipts and cursors', async (world) => {
      const wires = await commitSome(world);
      const log = await world.log();
      const [last = new Uint8Array()] = wires.slice(-1);
      const receipt = await world.commit(last);
      await using again = await world.under.reopen?.();
      if (again === undefined) return;
      expectEqual(await collect(again.entries()), log, 'the log');
      expectEqual(await collect(again.entries({ after: log[0]?.cursor })), log.slice(1), 'the log behind a cursor');
      expectEqual(await again.submission(world.idOf(last)).committed(), receipt, 'a receipt asked for');
      expectEqual(await (await again.submit(last)).committed(), receipt, 'the receipt of a repeat');
      expectEqual((await again.head()).cursor, log.at(-1)?.cursor, 'cursor of the head');
    }),
    requires: ({ under }) => (under.reopen === undefined ? 'it lives as long as the process' : undefined),
  },

  onLedger('says of itself what the rules say', async (world) => {
    const view = new LedgerView(world.ledger);
    await view.sync();
    const wires = await commitSome(world);
    await view.sync();
    expectEqual(view.entries.length, 2 + wires.length, 'entries in the view');
    for (const wire of wires) {
      const receipt = await world.commit(wire);
      expectEqual(view.confirms(receipt)?.cursor, receipt.cursor, 'cursor of the entry that confirms a receipt');
    }
  }),
];
