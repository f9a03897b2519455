import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DecryptionError } from '@medseal/core/adapter';
import { beforeAll, describe, expect, it } from 'vitest';
import { fileKeyStore } from '../src/keys/file-key-store.ts';
import { killFixture } from './child.ts';
import { failure, testFolder } from './test-folder.ts';

const logN = 14;
const subjects = ['anna', 'bert', 'carl'];
const STEPS = ['staged', 'check', 'encrypted', 'encrypted', 'encrypted', 'committed', 'sweeping', 'swept'];

/** Addresses of all subjects, or `undefined` when the passphrase opens none of them. Anything between is a failure. */
async function opened(directory: string, passphrase: string): Promise<readonly string[] | undefined> {
  await using store = fileKeyStore({ directory, passphrase, logN });
  const results = await Promise.allSettled(subjects.map((subject) => store.unlock(subject)));
  const found = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.address] : []));
  for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(DecryptionError);
  if (found.length === 0) return undefined;
  expect(found).toHaveLength(subjects.length);
  return found;
}

describe('a change of passphrase that is killed', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let addresses: readonly string[];

  beforeAll(async () => {
    folder = await testFolder();
    await using store = fileKeyStore({ directory: join(folder.path, 'keys'), passphrase: 'old', logN });
    addresses = [];
    for (const subject of subjects) addresses = [...addresses, (await store.generate(subject)).address];
    return () => folder[Symbol.asyncDispose]();
  });

  it.each(STEPS.map((step, index) => [index + 1, step] as const))(
    'behind step %d, %s: one passphrase opens everything, and the same call ends it',
    async (kill, step) => {
      const directory = join(folder.path, `killed-${kill}`);
      await cp(join(folder.path, 'keys'), directory, { recursive: true });
      const said = await killFixture('change-passphrase.ts', [directory, 'old', 'new', String(kill)], 60_000);
      expect(said).toEqual(STEPS.slice(0, kill));
      expect(said.at(-1)).toBe(step);
      const valid = kill <= STEPS.indexOf('encrypted') + subjects.length ? 'old' : 'new';
      expect(await opened(directory, valid)).toEqual(addresses);
      expect(await opened(directory, valid === 'old' ? 'new' : 'old')).toBeUndefined();

      await using store = fileKeyStore({ directory, passphrase: 'old', logN });
      const progress: number[] = [];
      await store.changePassphrase('new', { onProgress: ({ done }) => progress.push(done) });
      // What was encrypted before the kill is not encrypted again.
      const before = said.filter((one) => one === 'encrypted').length;
      expect(progress).toEqual(valid === 'new' ? [] : [1, 2, 3].slice(before));
      expect(await opened(directory, 'new')).toEqual(addresses);
      expect(await opened(directory, 'old')).toBeUndefined();
      expect((await readdir(directory)).toSorted()).toEqual(['.medseal', '00000002']);
    },
    30_000,
  );

  it('is ended by the next start as far as it can be without a passphrase', async () => {
    const directory = join(folder.path, 'start');
    await cp(join(folder.path, 'keys'), directory, { recursive: true });
    await killFixture(
      'change-passphrase.ts',
      [directory, 'old', 'new', String(STEPS.indexOf('committed') + 1)],
      60_000,
    );
    expect(await readdir(directory)).toContain('00000001');
    await using store = fileKeyStore({ directory, passphrase: 'new', logN });
    expect(await failure(store.unlock('nobody'))).toMatchObject({ code: 'ABSENT' });
    expect(await readdir(directory)).not.toContain('00000001');
  });
});
