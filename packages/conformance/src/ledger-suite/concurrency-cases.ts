import { decision } from '@medseal/protocol';
import { hashOf } from '../sequence/cast.ts';
import { expectEqual, expectMatch, expectTrue } from '../suite/expect.ts';
import { patient } from './desk.ts';
import { type LedgerCase, onLedger } from './ledger-case.ts';

/** Many at once. */
export const concurrencyCases: readonly LedgerCase[] = [
  onLedger('takes different commands at once', async (world) => {
    const wires = Array.from({ length: 6 }, (_, index) => world.desk.request({ terms: hashOf(`terms ${index}`) }));
    const receipts = await Promise.all(wires.map((wire) => world.commit(wire)));
    const cursors = (await world.log()).slice(2).map(({ cursor }) => cursor);
    expectEqual(cursors.toSorted(), receipts.map(({ cursor }) => cursor).toSorted(), 'cursors of log and receipts');
    const ids = wires.map((wire) => world.idOf(wire));
    expectEqual(
      receipts.map(({ id }) => id),
      ids,
      'ids of the receipts',
    );
  }),

  onLedger('enters a command once, however often it is submitted at once', async (world) => {
    const wire = world.desk.use(hashOf('no grant'));
    const receipts = await Promise.all(Array.from({ length: 4 }, () => world.commit(wire)));
    const log = (await world.log()).slice(2);
    expectEqual(log.length, 1, 'entries of the command');
    const first = { cursor: log[0]?.cursor, violation: 'NO_GRANT' };
    for (const receipt of receipts) expectMatch(receipt, first, 'each receipt');
  }),

  onLedger('lets one of two decisions on one request win, and refuses the other', async (world) => {
    const request = hashOf('a request');
    const wires = [world.desk.grant(request), world.desk.deny(request)];
    const outcomes = await Promise.allSettled(wires.map((wire) => world.commit(wire)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expectEqual(refused.length, 1, 'number of refusals');
    expectMatch(refused[0]?.reason, { name: 'RejectedError', code: 'ALREADY_DECIDED' }, 'the refusal');
    expectEqual((await world.log()).length, 3, 'length of the log');
    const granted = outcomes[0]?.status === 'fulfilled';
    const stored = await world.under.readState(decision.key(patient.address, request));
    expectTrue(stored !== undefined, 'the decision is stored');
    expectMatch(stored, { status: granted ? 'granted' : 'denied' }, 'the decision as stored');
  }),
];
