import type { Ledger, LedgerEntry, Receipt } from '@medseal/core/adapter';
import { decodeCommand, type CommandId, idOf } from '@medseal/protocol';
import type { LedgerDriver, LedgerUnderTest } from '../drivers/ledger-driver.ts';
import { sequenceAuthority } from '../sequence/cast.ts';
import { type Desk, deskOf, doctor, patient } from './desk.ts';

/** One fresh ledger, and who writes to it. */
export interface LedgerWorld extends AsyncDisposable {
  readonly under: LedgerUnderTest;
  readonly ledger: Ledger;
  readonly desk: Desk;
  readonly now: number;
  /** Lets the ledger's time go on by so many seconds. */
  wait(seconds: number): Promise<void>;
  commit(wire: Uint8Array): Promise<Receipt>;
  idOf(wire: Uint8Array): CommandId;
  /** The whole log. */
  log(): Promise<readonly LedgerEntry[]>;
  /** Registers the patient and the doctor: the first two entries. */
  enrol(): Promise<void>;
  /** Another ledger of the same kind, its time later than this one's. */
  another(): Promise<LedgerWorld>;
}

const START = 2_000_000_000;
/** Drivers may make all their ledgers on one chain, whose time only goes forward. */
const BETWEEN = 10_000;
let worlds = 0;

export async function ledgerWorld(driver: LedgerDriver): Promise<LedgerWorld> {
  let now = START + BETWEEN * worlds++;
  const under = await driver.create({ authority: sequenceAuthority, time: now });
  const { ledger } = under;
  const world: LedgerWorld = {
    under,
    ledger,
    desk: deskOf(ledger.genesis, () => now),
    get now() {
      return now;
    },
    wait: async (seconds) => {
      now += seconds;
      await under.setTime(now);
    },
    commit: async (wire) => (await ledger.submit(wire)).committed(),
    idOf: (wire) => idOf(decodeCommand(wire).command, ledger.genesis.domain),
    log: () => collect(ledger.entries()),
    enrol: async () => {
      for (const member of [patient, doctor]) await world.commit(world.desk.register(member));
    },
    another: () => ledgerWorld(driver),
    [Symbol.asyncDispose]: () => under[Symbol.asyncDispose](),
  };
  return world;
}

export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
