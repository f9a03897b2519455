import { link, mkdir, readdir, readFile, rename, rmdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { directorySuite } from '@medseal/conformance';
import { testSuite } from '@medseal/conformance/vitest';
import type { DirectoryKind } from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stallFiles } from '../../test/stalled-files.ts';
import { failure, testFolder, type TestFolder } from '../../test/test-folder.ts';
import { eraseInSlot, putIntoSlot, readSlot } from './directory-slot.ts';
import { type FileDirectory, fileDirectory } from './file-directory.ts';

testSuite('fileDirectory', directorySuite, async () => ({
  name: 'fileDirectory',
  create: async () => {
    const folder = await testFolder();
    const directory = fileDirectory({ directory: folder.path });
    await directory.sweep();
    return {
      directory,
      reopen: async () => fileDirectory({ directory: folder.path }),
      stall: stallFiles,
      cutOff: () => folder.cutOff(),
      [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    };
  },
  [Symbol.asyncDispose]: async () => {},
}));

let folder: TestFolder;
let directory: FileDirectory;
beforeEach(async () => {
  folder = await testFolder();
  directory = fileDirectory({ directory: folder.path });
});
afterEach(() => folder[Symbol.asyncDispose]());

const id: Hex = `0x${'ab'.repeat(20)}`;
const bytesOf = (value: number): Uint8Array => new Uint8Array(100).fill(value);
const slot = (): string => join(folder.path, 'header', 'ab', 'ab'.repeat(20));

describe('a file directory', () => {
  it.each(['', '..', 'key/document', 'header\0'])('takes no path for a kind: %j', async (kind) => {
    expect(await failure(directory.put(kind as DirectoryKind, id, bytesOf(1)))).toBeInstanceOf(TypeError);
  });

  it.each(['', '0x', '0x..', '0xAB', '0xabc', `0x${'ab'.repeat(65)}`])(
    'takes no path for an id: %j',
    async (strange) => {
      for (const call of [
        () => directory.get('header', strange as Hex),
        () => directory.delete('header', strange as Hex),
      ])
        expect(await failure(call())).toBeInstanceOf(TypeError);
    },
  );

  it('keeps several objects oldest first, also those of other processes and programs started later', async () => {
    for (const value of [5, 3, 9, 1]) await fileDirectory({ directory: folder.path }).put('header', id, bytesOf(value));
    expect((await directory.get('header', id)).map(([first]) => first)).toEqual([5, 3, 9, 1]);
  });

  it('counts once what two processes put at the same time under two numbers', async () => {
    await directory.put('header', id, bytesOf(1));
    const [name = ''] = await readdir(slot());
    await writeFile(join(slot(), name.replace('00000001', '00000002')), bytesOf(1));
    expect(await directory.get('header', id)).toEqual([bytesOf(1)]);
    await directory.put('header', id, bytesOf(2));
    expect(await directory.get('header', id)).toEqual([bytesOf(1), bytesOf(2)]);
  });

  it('restores a damaged object when it is put again', async () => {
    await directory.put('header', id, bytesOf(1));
    await directory.put('header', id, bytesOf(2));
    const [name = ''] = await readdir(slot());
    await writeFile(join(slot(), name), 'torn');
    await directory.put('header', id, bytesOf(1));
    expect(await directory.get('header', id)).toEqual([bytesOf(1), bytesOf(2)]);
  });

  it('is an outage, not empty, where the folder is gone', async () => {
    await directory.put('header', id, bytesOf(1));
    await rename(folder.path, `${folder.path}-away`);
    const unmounted = fileDirectory({ directory: folder.path, create: false });
    for (const one of [directory, unmounted])
      for (const call of [
        () => one.get('header', id),
        () => one.put('header', id, bytesOf(2)),
        () => one.delete('header', id),
      ])
        expect(await failure(call())).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await mkdir(folder.path);
    expect(await failure(directory.put('ticket', id, bytesOf(2)))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await rmdir(folder.path);
    await rename(`${folder.path}-away`, folder.path);
    expect(await directory.get('header', id)).toEqual([bytesOf(1)]);
  });

  it('loses nothing that several put while others delete another id', async () => {
    const many = Array.from({ length: 4 }, () => fileDirectory({ directory: folder.path }));
    const other: Hex = `0x${'ab'.repeat(19)}00`;
    await Promise.all(
      many.flatMap((one, at) =>
        [0, 1, 2, 3].flatMap((value) => [
          one.put('header', id, bytesOf(4 * at + value)),
          one.put('header', other, bytesOf(value)).then(() => one.delete('header', other)),
        ]),
      ),
    );
    expect((await directory.get('header', id)).map(([first]) => first ?? -1).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 16 }, (_, value) => value),
    );
    expect(await directory.get('header', other)).toEqual([]);
  });
});

describe('deleting', () => {
  it('leaves neither the bytes nor the id', async () => {
    await directory.put('header', id, bytesOf(1));
    await directory.put('header', id, bytesOf(2));
    await directory.delete('header', id);
    expect(await folder.files()).toEqual([]);
    expect(await readdir(dirname(slot()))).toEqual([]);
  });

  it('overwrites the bytes before it takes the name away', async () => {
    await directory.put('header', id, bytesOf(1));
    const [name = ''] = await readdir(slot());
    // A second name for the same bytes on the disk shows what became of them.
    const kept = join(folder.path, 'kept');
    await link(join(slot(), name), kept);
    await directory.delete('header', id);
    const left = await readFile(kept);
    expect(left).toHaveLength(100);
    expect(left.filter((byte) => byte === 1).length).toBeLessThan(20);
  });

  it('erases what a crashed writer or a crashed deletion left', async () => {
    await directory.put('header', id, bytesOf(1));
    for (const name of ['putting-x', 'erasing-y']) await writeFile(join(slot(), name), bytesOf(7));
    expect(await directory.get('header', id)).toEqual([bytesOf(1)]);
    await directory.delete('header', id);
    expect(await folder.files()).toEqual([]);
  });

  it('is finished by a sweep, which leaves objects and living writers alone', async () => {
    await directory.put('header', id, bytesOf(1));
    for (const name of ['putting-old', 'putting-new', 'erasing-y']) await writeFile(join(slot(), name), bytesOf(7));
    const then = new Date(Date.now() - 700_000);
    await utimes(join(slot(), 'putting-old'), then, then);
    const empty = join(folder.path, 'ticket', 'cd', 'cd'.repeat(20));
    await mkdir(empty, { recursive: true });
    await writeFile(join(empty, 'erasing-z'), bytesOf(7));
    expect(await directory.sweep()).toBe(3);
    expect(await folder.files()).toEqual([expect.stringMatching(/00000001-/), expect.stringMatching(/putting-new/)]);
    expect(await readdir(dirname(empty))).toEqual([]);
  });

  it('makes a writer whose file it took begin again', async () => {
    await mkdir(slot(), { recursive: true });
    const erasing = (async () => {
      for (let round = 0; round < 40; round++) await eraseInSlot(slot(), { objects: false, writersBefore: Infinity });
    })();
    const results: boolean[] = [];
    for (let value = 0; value < 40; value++) results.push(await putIntoSlot(slot(), bytesOf(value)));
    await erasing;
    const stood = results.flatMap((done, value) => (done ? [value] : []));
    expect((await readSlot(slot())).map(([first]) => first)).toEqual(stood);
    expect((await readdir(slot())).filter((name) => !/^\d+-/.test(name))).toEqual([]);
  });
});

it('does what a list in memory does, whatever is called', async () => {
  const kinds: readonly DirectoryKind[] = ['header', 'ticket'];
  const step = fc.record({
    what: fc.constantFrom('put', 'put', 'put', 'delete'),
    kind: fc.constantFrom(...kinds),
    value: fc.nat(3),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      await using fresh = await testFolder();
      const tested = fileDirectory({ directory: fresh.path });
      const model = new Map<DirectoryKind, number[]>();
      for (const { what, kind, value } of steps) {
        const held = model.get(kind) ?? [];
        if (what === 'put') {
          await tested.put(kind, id, bytesOf(value));
          model.set(kind, held.includes(value) ? held : [...held, value]);
        } else {
          await tested.delete(kind, id);
          model.delete(kind);
        }
        for (const one of kinds)
          expect((await tested.get(one, id)).map(([first]) => first)).toEqual(model.get(one) ?? []);
      }
    }),
    { numRuns: 15, seed: 1 },
  );
});
