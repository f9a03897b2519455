import { existsSync } from 'node:fs';
import type { LedgerEntry } from '@medseal/core/adapter';
import type { CommandId } from '@medseal/protocol';
import { expect, it } from 'vitest';
import { type LocalLedger, localLedger } from '../src/ledger/local-ledger.ts';
import { bundleFixture, runWriter } from './bundled-fixture.ts';
import { collect, START } from './ledger-world.ts';
import { randomNumbers } from './random-numbers.ts';
import { testFolder } from './test-folder.ts';

const LEDGERS = 10;
const KILLS_EACH = 20;
const AT_ONCE = 2;
/** So many commands before the last acknowledged one are submitted again by the next writer. */
const OVERLAP = 4;

/** When writers are killed: at work mostly, and while they open, recover or make the ledger. Milliseconds. */
const moments = [
  { after: 'ack', within: 80 },
  { after: 'open', within: 100 },
  { after: 'ack', within: 30 },
  { after: 'start', within: 300 },
] as const;

const clocks = { threads: 0, clock: () => START, monotonic: () => 0 };

interface Acknowledged {
  readonly id: CommandId;
  readonly cursor: string;
}

/** Follows a ledger from this process, as soon as it is there, whatever becomes of its writers. */
async function followed(path: string): Promise<{ readonly seen: readonly LedgerEntry[] } & AsyncDisposable> {
  const seen: LedgerEntry[] = [];
  const reader = await localLedger({ path, readOnly: true, ...clocks });
  const following = (async (): Promise<void> => {
    for await (const entry of reader.entries({ follow: true })) seen.push(entry);
  })();
  return {
    seen,
    [Symbol.asyncDispose]: async () => {
      await reader[Symbol.asyncDispose]();
      await following;
    },
  };
}

async function requireAll(ledger: LocalLedger, acknowledged: Iterable<Acknowledged>): Promise<void> {
  for (const { id, cursor } of acknowledged)
    expect(await ledger.submission(id).committed()).toMatchObject({ id, cursor });
}

/** Kills writers of one ledger, one after the other. Gives how many commands they were told were committed. */
async function torment(program: string, path: string, seed: number): Promise<number> {
  const random = randomNumbers(seed);
  const acknowledged = new Map<number, Acknowledged>();
  await using watched = new AsyncDisposableStack();
  let seen: readonly LedgerEntry[] = [];
  for (let kill = 0; kill < KILLS_EACH; kill++) {
    const first = Math.max(0, Math.max(-1, ...acknowledged.keys()) + 1 - OVERLAP);
    const { after, within } = moments[kill % moments.length] ?? moments[0];
    const lines = await runWriter({ program, path, first, kill: { after, ms: random(within) } });
    const fresh: Acknowledged[] = [];
    for (const [, number, id, cursor] of lines.map((line) => line.split(' ')).filter(([word]) => word === 'ack')) {
      const said = { id: id as CommandId, cursor: cursor ?? '' };
      expect(acknowledged.get(Number(number)) ?? said).toEqual(said);
      acknowledged.set(Number(number), said);
      fresh.push(said);
    }
    if (!existsSync(path)) continue;
    // With a reader that stays, SQLite's shared memory outlives the writer; without, its log is recovered.
    if (seed % 2 === 0 && kill === 0) ({ seen } = watched.use(await followed(path)));
    await using reader = await localLedger({ path, readOnly: true, ...clocks });
    await requireAll(reader, fresh);
  }
  await using ledger = await localLedger({ path, ...clocks });
  await requireAll(ledger, acknowledged.values());
  const { entries, commands } = await ledger.verify({ signatures: 'assume', threads: 0 });
  expect(commands).toBe(entries);
  const log = await collect(ledger.entries());
  expect(log).toHaveLength(entries);
  await watched.disposeAsync();
  expect(seen).toEqual(log.slice(0, seen.length));
  if (seed % 2 === 0) expect(seen.length).toBeGreaterThan(0);
  return acknowledged.size;
}

it(`loses, doubles and shows too early nothing when ${LEDGERS * KILLS_EACH} writers are killed`, async () => {
  await using folder = await testFolder();
  const program = `${folder.path}/writer.mjs`;
  await bundleFixture('ledger-writer.ts', program);
  const told: number[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < LEDGERS) {
      const seed = next++;
      told.push(await torment(program, `${folder.path}/ledger-${seed}`, seed));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  expect(told).toHaveLength(LEDGERS);
  // The kills did hit writers at work.
  expect(Math.min(...told)).toBeGreaterThan(KILLS_EACH / 2);
}, 900_000);
