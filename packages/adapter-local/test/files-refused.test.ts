import { spawnSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fileDirectory } from '../src/files/file-directory.ts';
import { fileProxyState } from '../src/files/file-proxy-state.ts';
import { fileStore } from '../src/files/file-store.ts';
import { runFixture } from './child.ts';
import { collect, failure, pieces, testFolder, type TestFolder } from './test-folder.ts';

const mount = (...args: readonly string[]): boolean => spawnSync('mount', args).status === 0;

/** A file system of its own of this size, where the user may mount one. */
async function smallDisk(kilobytes: number): Promise<TestFolder & { readonly mounted: boolean }> {
  const folder = await testFolder();
  const mounted = mount('-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder.path);
  return {
    ...folder,
    mounted,
    async [Symbol.asyncDispose]() {
      if (mounted) spawnSync('umount', [folder.path]);
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('a full disk', () => {
  it('is an outage, leaves nothing, and smaller objects still fit', async () => {
    await using disk = await smallDisk(400);
    // Where nothing can be mounted: no file may exceed 64 or 128 kB, depending on the shell's unit.
    const limits = disk.mounted ? '' : 'ulimit -f 128;';
    const ends = JSON.parse(runFixture('put-once.ts', [disk.path, '3000000'], limits)) as unknown;
    expect(ends).toEqual([expect.stringMatching(/^STORE_UNAVAILABLE (?:ENOSPC|EFBIG)$/)]);
    expect(await disk.files()).toEqual([]);
    expect(JSON.parse(runFixture('put-once.ts', [disk.path, '3000'], limits))).toEqual(['ok']);
  });

  it('leaves directory and state as they were', async () => {
    await using disk = await smallDisk(400);
    // Without a mount there is nothing to fill: the case above then covers what it can.
    if (!disk.mounted) return expect(await disk.files()).toEqual([]);
    const directory = fileDirectory({ directory: join(disk.path, 'directory') });
    const state = fileProxyState(join(disk.path, 'state'));
    await directory.put('header', '0xab', new Uint8Array(1000));
    await state.save(new Uint8Array(1000));
    const full = { code: 'STORE_UNAVAILABLE', cause: { code: 'ENOSPC' } };
    expect(await failure(directory.put('header', '0xab', new Uint8Array(900_000)))).toMatchObject(full);
    expect(await failure(state.save(new Uint8Array(900_000)))).toMatchObject(full);
    expect(await directory.get('header', '0xab')).toEqual([new Uint8Array(1000)]);
    expect(await state.load()).toEqual(new Uint8Array(1000));
    expect(await disk.files()).toHaveLength(2);
  });
});

it('takes a folder that may not be written for an outage, and goes on reading', async () => {
  await using disk = await smallDisk(400);
  const store = fileStore({ directory: disk.path });
  const bytes = new Uint8Array(1000).fill(7);
  const ref = await store.put(pieces(bytes));
  if (disk.mounted) mount('-o', 'remount,ro', disk.path);
  else await chmod(join(disk.path, 'temporary'), 0o500);
  expect(await failure(store.put(pieces(Uint8Array.of(1))))).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    cause: { code: expect.stringMatching(/EROFS|EACCES/) },
  });
  expect(await collect(store.get(ref))).toEqual(bytes);
  if (disk.mounted) expect(await failure(store.delete(ref))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  else await chmod(join(disk.path, 'temporary'), 0o700);
  expect(await store.has(ref)).toBe(true);
});

it('takes too many open files for an outage, and leaves only whole objects', async () => {
  await using folder = await testFolder();
  const ends = JSON.parse(runFixture('put-once.ts', [folder.path, '20000', '200'], 'ulimit -n 60;')) as string[];
  // On a busy machine all of them may have opened a file before the first wants its second.
  expect(ends).toContain('STORE_UNAVAILABLE EMFILE');
  expect(ends.filter((end) => end !== 'ok' && end !== 'STORE_UNAVAILABLE EMFILE')).toEqual([]);
  expect(await folder.files()).toHaveLength(ends.filter((end) => end === 'ok').length + 1);
  expect(await fileStore({ directory: folder.path }).scrub()).toMatchObject({ damaged: [] });
});

/** The caller of an aborted call does not wait for the disk; what the call began is cleared away behind it. */
async function cleared(folder: TestFolder): Promise<void> {
  while ((await folder.files()).length > 0) await setTimeout(5);
}

describe('an aborted put', () => {
  const reason = new Error('enough');
  const bytes = new Uint8Array(2_000_000).fill(5);

  it.each([0, 1, 2, 10, 30])('leaves nothing after %i pieces', async (wanted) => {
    await using folder = await testFolder();
    const abort = new AbortController();
    async function* source(): AsyncGenerator<Uint8Array> {
      let given = 0;
      for await (const piece of pieces(bytes)) {
        if (given++ === wanted) abort.abort(reason);
        yield piece;
      }
    }
    expect(await failure(fileStore({ directory: folder.path }).put(source(), { signal: abort.signal }))).toBe(reason);
    await cleared(folder);
  });

  it('leaves nothing when all bytes are there but not yet safe', async () => {
    await using folder = await testFolder();
    const abort = new AbortController();
    const digest = (): `0x${string}` => {
      abort.abort(reason);
      return `0x${'ab'.repeat(32)}`;
    };
    const putting = fileStore({ directory: folder.path }).put(pieces(bytes), { signal: abort.signal, digest });
    expect(await failure(putting)).toBe(reason);
    await cleared(folder);
  });
});
