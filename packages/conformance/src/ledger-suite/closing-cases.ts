import { PROMPT } from '../suite/abort.ts';
import { expectRejection, expectTrue, within } from '../suite/expect.ts';
import { type LedgerCase, onLedger } from './ledger-case.ts';
import { collect } from './ledger-world.ts';

/** What a closed ledger still does. */
export const closingCases: readonly LedgerCase[] = [
  onLedger('closing ends those who follow the log, and can be done twice', async (world) => {
    const following = collect(world.ledger.entries({ follow: true }));
    await world.commit(world.desk.request());
    await world.ledger[Symbol.asyncDispose]();
    const followed = await within(PROMPT, following, 'an iteration that follows ends when the ledger is closed');
    expectTrue(followed.length <= 3, 'what was followed is the log', followed.length);
    await world.ledger[Symbol.asyncDispose]();
  }),

  onLedger('a closed ledger takes no command and gives no answer', async (world) => {
    const { ledger } = world;
    const wire = world.desk.request();
    await ledger[Symbol.asyncDispose]();
    const unavailable = { name: 'LedgerUnavailableError', code: 'LEDGER_UNAVAILABLE', retryable: true };
    await expectRejection(ledger.submit(wire), unavailable, 'submit to a closed ledger');
    await expectRejection(collect(ledger.entries()), unavailable, 'entries of a closed ledger');
    await expectRejection(ledger.head(), unavailable, 'head of a closed ledger');
    const submission = ledger.submission(world.idOf(wire));
    await expectRejection(submission.committed(), unavailable, 'a receipt of a closed ledger');
  }),
];
