import { cp, mkdir, readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { AbsentError, DecryptionError } from '@medseal/core/adapter';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileKeyStore } from '../src/keys/file-key-store.ts';
import { bundleFixture } from './bundled-fixture.ts';
import { killProgram } from './child.ts';
import { randomNumbers } from './random-numbers.ts';
import { type TestFolder, testFolder } from './test-folder.ts';

/** Real processes are killed behind every operation that changes something on the disk: no key may be lost by it. */

const logN = 14;
const AT_ONCE = 2;
const SEQUENCES = 6;
const subjects = ['anna', 'bert'];

let folder: TestFolder;
let program: string;
let keys: string;
let backup: string;
let addresses: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder = await testFolder();
  [program, keys, backup] = ['task.mjs', 'keys', 'backup'].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  await bundleFixture('key-task.ts', program);
  await using store = fileKeyStore({ directory: keys, passphrase: 'old', logN });
  const made = new Map<string, string>();
  for (const subject of subjects) made.set(subject, (await store.generate(subject)).address);
  addresses = made;
  await store.backup(backup);
}, 60_000);
afterAll(() => folder[Symbol.asyncDispose]());

/** The addresses of the subjects whose keys a passphrase opens. What is there and does not open is left out too. */
async function opened(directory: string, passphrase: string): Promise<Record<string, string>> {
  await using store = fileKeyStore({ directory, passphrase, logN });
  const found: Record<string, string> = {};
  for (const subject of subjects) {
    try {
      found[subject] = (await store.unlock(subject)).address;
    } catch (error) {
      if (!(error instanceof DecryptionError || error instanceof AbsentError)) throw error;
    }
  }
  return found;
}

interface Kill {
  readonly number: number;
  /** The operation that it followed. */
  readonly after: string;
  /** A folder of its own. */
  readonly path: string;
}

/** Does a task to its end, and then again for each operation that it took, killed behind that one. */
async function killAtEach(
  { prepare, task }: { prepare: (path: string) => Promise<void>; task: (path: string) => readonly string[] },
  check: (kill: Kill) => Promise<void>,
): Promise<readonly string[]> {
  const run = async (number: number): Promise<{ path: string; said: readonly string[] }> => {
    const path = join(folder.path, `${task('')[0]}-${number}`);
    await mkdir(path);
    await prepare(path);
    return { path, said: await killProgram([program, String(number), ...task(path)], 60_000) };
  };
  const { said: operations } = await run(0);
  const numbers = operations.map((_, index) => index + 1);
  for (let first = 0; first < numbers.length; first += AT_ONCE)
    await Promise.all(
      numbers.slice(first, first + AT_ONCE).map(async (number) => {
        const { path, said } = await run(number);
        expect(said).toEqual(operations.slice(0, number));
        await check({ number, after: said.at(-1) ?? '', path });
        await rm(path, { recursive: true });
      }),
    );
  return operations;
}

const all = (): Record<string, string> => Object.fromEntries(addresses);
const withKeys = (path: string): Promise<void> => cp(keys, join(path, 'keys'), { recursive: true });

it('a change of passphrase: one passphrase opens everything, the other nothing, and the same call ends it', async () => {
  const sides = new Set<string>();
  const operations = await killAtEach(
    { prepare: withKeys, task: (path) => ['change', join(path, 'keys'), 'new'] },
    async ({ number, after, path }) => {
      const directory = join(path, 'keys');
      const [byOld, byNew] = [await opened(directory, 'old'), await opened(directory, 'new')];
      const which = Object.keys(byOld).length > 0 ? 'old' : 'new';
      sides.add(which);
      const told = `killed behind operation ${number}, ${after}`;
      expect([byOld, byNew], told).toEqual(which === 'old' ? [all(), {}] : [{}, all()]);
      {
        await using store = fileKeyStore({ directory, passphrase: 'old', logN });
        await store.changePassphrase('new');
      }
      expect([await opened(directory, 'old'), await opened(directory, 'new')], told).toEqual([{}, all()]);
      const generation = join(directory, '00000002');
      expect(await readdir(directory), told).toEqual(['.medseal', '00000002']);
      expect(await readdir(generation), told).toHaveLength(subjects.length + 1);
    },
  );
  expect(sides).toEqual(new Set(['old', 'new']));
  expect(operations.length).toBeGreaterThan(20);
}, 300_000);

it('a change that is killed again and again: nothing is lost, and another passphrase can be taken at last', async () => {
  const below = randomNumbers(5);
  for (let sequence = 0; sequence < SEQUENCES; sequence++) {
    const path = join(folder.path, `sequence-${sequence}`);
    await mkdir(path);
    await withKeys(path);
    const directory = join(path, 'keys');
    const kills: number[] = [];
    for (let killed = 0; killed < 5; killed++) {
      kills.push(1 + below(20));
      await killProgram([program, String(kills.at(-1)), 'change', directory, 'new'], 60_000);
      const byPassphrase = [await opened(directory, 'old'), await opened(directory, 'new')];
      expect(byPassphrase, `killed at ${kills.join(', ')}`).toContainEqual(all());
      expect(byPassphrase, `killed at ${kills.join(', ')}`).toContainEqual({});
    }
    const passphrase = Object.keys(await opened(directory, 'old')).length > 0 ? 'old' : 'new';
    await using store = fileKeyStore({ directory, passphrase, logN });
    await store.changePassphrase('newer');
    expect(await opened(directory, 'newer'), `killed at ${kills.join(', ')}`).toEqual(all());
    expect(await opened(directory, 'new')).toEqual({});
  }
}, 300_000);

it('a backup: it is there whole or not at all, and the same call makes it', async () => {
  const outcomes = new Set<string>();
  await killAtEach(
    { prepare: withKeys, task: (path) => ['backup', join(path, 'keys'), join(path, 'copy')] },
    async ({ number, after, path }) => {
      const told = `killed behind operation ${number}, ${after}`;
      const [directory, copy] = [join(path, 'keys'), join(path, 'copy')];
      expect(await opened(directory, 'old'), told).toEqual(all());
      const isThere = (await readdir(path)).includes('copy');
      outcomes.add(isThere ? 'there' : 'not there');
      if (!isThere) {
        const then = new Date(Date.now() - 3_600_000);
        for (const name of await readdir(path)) await utimes(join(path, name), then, then);
        await using store = fileKeyStore({ directory, passphrase: 'old', logN });
        expect(await store.backup(copy), told).toBe(subjects.length);
      }
      expect((await readdir(path)).toSorted(), told).toEqual(['copy', 'keys']);
      await using fresh = fileKeyStore({ directory: join(path, 'fresh'), passphrase: 'old', logN });
      expect(await fresh.restore(copy), told).toBe(subjects.length);
      expect(await opened(join(path, 'fresh'), 'old'), told).toEqual(all());
    },
  );
  expect(outcomes).toEqual(new Set(['there', 'not there']));
}, 300_000);

it('a restore: what was there stays, what came opens, and the same call takes in the rest', async () => {
  let [partly, before] = [0, {} as Record<string, string>];
  await killAtEach(
    {
      prepare: async (path) => {
        await using store = fileKeyStore({ directory: join(path, 'keys'), passphrase: 'old', logN });
        before = { carl: (await store.generate('carl')).address };
      },
      task: (path) => ['restore', join(path, 'keys'), backup],
    },
    async ({ number, after, path }) => {
      const told = `killed behind operation ${number}, ${after}`;
      const directory = join(path, 'keys');
      const found = await opened(directory, 'old');
      expect(all(), told).toMatchObject(found);
      if (Object.keys(found).length === 1) partly += 1;
      await using store = fileKeyStore({ directory, passphrase: 'old', logN });
      expect((await store.unlock('carl')).address, told).toMatch(/^0x/);
      expect(await store.restore(backup), told).toBe(subjects.length - Object.keys(found).length);
      expect(await opened(directory, 'old'), told).toEqual(all());
    },
  );
  expect(Object.keys(before)).toEqual(['carl']);
  expect(partly).toBeGreaterThan(0);
}, 300_000);

it('new keys: they are there or not, and a store that was never opened can be begun again', async () => {
  await killAtEach(
    { prepare: async () => {}, task: (path) => ['generate', join(path, 'keys'), 'anna'] },
    async ({ number, after, path }) => {
      const told = `killed behind operation ${number}, ${after}`;
      await using store = fileKeyStore({ directory: join(path, 'keys'), passphrase: 'old', logN });
      const found = await store.unlock('anna').catch((error: unknown) => {
        expect(error, told).toBeInstanceOf(AbsentError);
        return store.generate('anna');
      });
      expect(await opened(join(path, 'keys'), 'old'), told).toEqual({ anna: found.address });
    },
  );
}, 120_000);
