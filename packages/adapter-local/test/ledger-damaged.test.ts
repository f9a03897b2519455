import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundleFixture } from './bundled-fixture.ts';
import { abandonedLedger, type LedgerSuffix, suffixes } from './damaged-ledger.ts';
import { randomNumbers } from './random-numbers.ts';

/** In memory where there is such a disk: each trial writes a file. */
const DISK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const PROCESSES = 2;
const RANDOM = 10_000;

type Trial = readonly [LedgerSuffix, offset: number, mask: number];

async function testDisk(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(DISK, 'medseal-damaged-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Runs the trials on copies of a ledger, in several processes; gives the faults. */
async function tryAll(folder: string, trials: readonly Trial[]): Promise<readonly string[]> {
  const program = join(folder, 'damager.mjs');
  await bundleFixture('ledger-damager.ts', program);
  const parts = Array.from({ length: PROCESSES }, async (_, part) => {
    const copy = join(folder, `copy-${part}`);
    mkdirSync(copy);
    for (const suffix of suffixes) cpSync(join(folder, `ledger${suffix}`), join(copy, `ledger${suffix}`));
    const plan = trials.filter((_trial, i) => i % PROCESSES === part);
    return run(program, join(copy, 'ledger'), JSON.stringify(plan));
  });
  return (await Promise.all(parts)).flat();
}

function run(program: string, path: string, input: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [program, path], { maxBuffer: 2 ** 26 }, (error, stdout) => {
      if (error === null) resolve(JSON.parse(stdout) as readonly string[]);
      else reject(new Error('The damager failed', { cause: error }));
    });
    child.stdin?.end(input);
  });
}

const sizeOf = (folder: string, suffix: LedgerSuffix): number => statSync(join(folder, `ledger${suffix}`)).size;

it('names the damage or says the same, whichever byte of a small ledger was changed', async () => {
  await using folder = await testDisk();
  await abandonedLedger(join(folder.path, 'ledger'), 4, 3);
  const random = randomNumbers(1);
  const trials = suffixes.flatMap((suffix) =>
    Array.from({ length: sizeOf(folder.path, suffix) }, (_, at): Trial => [suffix, at, 1 + random(255)]),
  );
  expect(trials.length).toBeGreaterThan(20_000);
  expect(await tryAll(folder.path, trials)).toEqual([]);
}, 1_800_000);

it(`names the damage or says the same, for ${RANDOM} random bytes of a larger ledger`, async () => {
  await using folder = await testDisk();
  await abandonedLedger(join(folder.path, 'ledger'), 24, 12);
  const random = randomNumbers(2);
  const sizes = suffixes.map((suffix) => sizeOf(folder.path, suffix));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const trials = Array.from({ length: RANDOM }, (): Trial => {
    let at = random(total);
    for (const [i, suffix] of suffixes.entries()) {
      const size = sizes[i] ?? 0;
      if (at < size) return [suffix, at, 1 + random(255)];
      at -= size;
    }
    throw new RangeError('beyond the files');
  });
  expect(await tryAll(folder.path, trials)).toEqual([]);
}, 1_800_000);
