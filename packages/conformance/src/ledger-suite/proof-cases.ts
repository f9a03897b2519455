import { expectEqual, expectRejection, expectTrue } from '../suite/expect.ts';
import { type LedgerCase, needsProofs, onLedger } from './ledger-case.ts';

/** What `supports.proof` promises. */
export const proofCases: readonly LedgerCase[] = [
  {
    ...onLedger('gives a proof of what the log holds, and of nothing else', async (world) => {
      const { ledger } = world;
      const wire = world.desk.request();
      const unknown = { name: 'UnknownSubmissionError', code: 'UNKNOWN_SUBMISSION', id: world.idOf(wire) };
      await expectRejection(ledger.prove(world.idOf(wire)), unknown, 'a proof of a command never sent');
      await world.commit(wire);
      expectTrue((await ledger.prove(world.idOf(wire))).length > 0, 'a proof has bytes');
    }),
    requires: ({ ledger }) => needsProofs(ledger),
  },
  {
    ...onLedger('refuses to prove, where it says that it has no proofs', async (world) => {
      const wire = world.desk.request();
      await world.commit(wire);
      const unsupported = { name: 'UnsupportedError', code: 'UNSUPPORTED', retryable: false };
      await expectRejection(world.ledger.prove(world.idOf(wire)), unsupported, 'a proof');
      expectEqual((await world.log()).length, 3, 'length of the log');
    }),
    requires: ({ ledger }) => (ledger.supports.proof === null ? undefined : 'it says that it has proofs to give'),
  },
];
