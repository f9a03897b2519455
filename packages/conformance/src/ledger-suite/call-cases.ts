import { needsOutage, needsStall, whileCutOff } from '../drivers/disturbances.ts';
import { expectNoBegin, expectPromptAbort } from '../suite/abort.ts';
import { expectEqual, expectRejection } from '../suite/expect.ts';
import { type LedgerCase, needsProofs, onLedger } from './ledger-case.ts';
import { collect, type LedgerWorld } from './ledger-world.ts';

const calls: Readonly<
  Record<string, (world: LedgerWorld, wire: Uint8Array, signal?: AbortSignal) => Promise<unknown>>
> = {
  submit: ({ ledger }, wire, signal) => ledger.submit(wire, { signal }),
  committed: (world, wire, signal) => world.ledger.submission(world.idOf(wire)).committed({ signal }),
  final: (world, wire, signal) => world.ledger.submission(world.idOf(wire)).final({ signal }),
  entries: ({ ledger }, _, signal) => collect(ledger.entries({ signal })),
  follow: ({ ledger }, _, signal) => collect(ledger.entries({ follow: true, signal })),
  head: ({ ledger }, _, signal) => ledger.head({ signal }),
  prove: (world, wire, signal) => world.ledger.prove(world.idOf(wire), { signal }),
};

/** `prove` of a ledger without proofs has nothing to do. */
function needsMethod({ ledger }: LedgerWorld, name: string): string | undefined {
  return name === 'prove' ? needsProofs(ledger) : undefined;
}

/** Of a command that is not in the log, a ledger may know without asking anybody. */
const ofCommitted: readonly string[] = ['final', 'prove'];

async function wireFor(world: LedgerWorld, name: string): Promise<Uint8Array> {
  const wire = world.desk.request();
  if (ofCommitted.includes(name)) await world.commit(wire);
  return wire;
}

/** A call in vain does no harm: the same command can be submitted again, and stands in the log once. */
async function goesOn(world: LedgerWorld, wire: Uint8Array): Promise<void> {
  const receipt = await world.commit(wire);
  const log = await world.log();
  expectEqual(log.length, 3, 'length of the log after the command was submitted again');
  expectEqual(log[2]?.cursor, receipt.cursor, 'cursor of the command');
}

/** Signals and outages. */
export const callCases: readonly LedgerCase[] = [
  ...Object.entries(calls).map(([name, call]): LedgerCase => ({
    ...onLedger(`${name} does nothing when aborted before`, async (world) => {
      const wire = world.desk.request();
      await expectNoBegin((signal) => call(world, wire, signal), name);
      expectEqual((await world.log()).length, 2, 'length of the log');
    }),
    requires: (world) => needsMethod(world, name),
  })),
  ...Object.entries(calls).flatMap(([name, call]): LedgerCase[] => [
    {
      ...onLedger(`${name} ends at once when aborted while the backend is silent`, async (world) => {
        const wire = await wireFor(world, name);
        await expectPromptAbort(world.under, (signal) => call(world, wire, signal), name);
        await goesOn(world, wire);
      }),
      requires: (world) => needsMethod(world, name) ?? needsStall(world.under, name),
    },
    {
      ...onLedger(`${name} says that the ledger does not answer`, async (world) => {
        const wire = await wireFor(world, name);
        const outage = { name: 'LedgerUnavailableError', code: 'LEDGER_UNAVAILABLE', retryable: true };
        await whileCutOff(world.under, () => expectRejection(call(world, wire), outage, `${name} during an outage`));
        await goesOn(world, wire);
      }),
      requires: (world) => needsMethod(world, name) ?? needsOutage(world.under, name),
    },
  ]),
];
