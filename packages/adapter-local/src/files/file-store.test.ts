import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storeSuite } from '@medseal/conformance';
import { testSuite } from '@medseal/conformance/vitest';
import type { BlobRef } from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stallFiles } from '../../test/stalled-files.ts';
import { collect, failure, pieces, testFolder, type TestFolder } from '../../test/test-folder.ts';
import { type FileStore, fileStore } from './file-store.ts';

testSuite('fileStore', storeSuite, async () => ({
  name: 'fileStore',
  create: async () => {
    const folder = await testFolder();
    const store = fileStore({ directory: folder.path });
    // Opens it, so that a cut has something to take away.
    await store.sweep();
    return {
      store,
      objects: () => folder.contents('objects'),
      reopen: async () => fileStore({ directory: folder.path }),
      stall: stallFiles,
      cutOff: () => folder.cutOff(),
      [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    };
  },
  [Symbol.asyncDispose]: async () => {},
}));

let folder: TestFolder;
let store: FileStore;
beforeEach(async () => {
  folder = await testFolder();
  store = fileStore({ directory: folder.path });
});
afterEach(() => folder[Symbol.asyncDispose]());

const bytes = Uint8Array.from({ length: 3_000_000 }, (_, index) => index * 7 + (index >> 8));
const digestOf = (content: Uint8Array): Hex => `0x${createHash('sha256').update(content).digest('hex')}`;

function pathOf({ digest }: BlobRef): string {
  const name = digest.slice(2);
  return join(folder.path, 'objects', name.slice(0, 2), name.slice(2, 4), name);
}

describe('a file store', () => {
  it('names each object after its digest, two folders deep, for the owner alone', async () => {
    const ref = await store.put(pieces(bytes));
    const name = digestOf(bytes).slice(2);
    expect(ref).toEqual({ digest: `0x${name}`, size: bytes.length, locator: `file:${name}` });
    expect(await folder.files()).toEqual([`objects/${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`]);
    expect((await stat(pathOf(ref))).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(pathOf(ref)))).mode & 0o777).toBe(0o700);
  });

  it('takes the digest that its caller knows, and hashes nothing itself', async () => {
    const claimed: Hex = `0x${'5a'.repeat(32)}`;
    expect((await store.put(pieces(bytes), { digest: () => claimed })).digest).toBe(claimed);
    expect(await store.scrub()).toMatchObject({ objects: 1, damaged: [claimed] });
  });

  it('leaves nothing when the digest that it is given is none', async () => {
    const digest = (): Hex => '0x../../../../etc/passwd';
    expect(await failure(store.put(pieces(bytes), { digest }))).toBeInstanceOf(TypeError);
    expect(await folder.files()).toEqual([]);
  });

  it.each(['0x', '0x../../secret', `0x${'AB'.repeat(32)}`, `../${'ab'.repeat(32)}`, `0x${'ab'.repeat(31)}/.`])(
    'takes no path from a reference: %s',
    async (digest) => {
      const ref: BlobRef = { digest: digest as Hex, size: 6, locator: 'file:../../secret' };
      await writeFile(join(folder.path, 'secret'), 'secret');
      for (const call of [() => collect(store.get(ref)), () => store.has(ref), () => store.delete(ref)])
        expect(await failure(call())).toBeInstanceOf(TypeError);
      expect(await readFile(join(folder.path, 'secret'), 'utf8')).toBe('secret');
    },
  );

  it('finds objects whatever locator comes with the digest, and never looks where the locator leads', async () => {
    const ref = await store.put(pieces(bytes));
    for (const locator of ['', 'file:/etc/passwd', 'ipfs:bafy'])
      expect(digestOf(await collect(store.get({ ...ref, locator })))).toBe(ref.digest);
  });

  it('follows no link in the place of an object', async () => {
    const ref = await store.put(pieces(bytes));
    await rename(pathOf(ref), join(folder.path, 'elsewhere'));
    await symlink(join(folder.path, 'elsewhere'), pathOf(ref));
    expect(await failure(collect(store.get(ref)))).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      cause: { code: 'ELOOP' },
    });
  });

  it('puts a whole object in the place of a damaged one', async () => {
    const ref = await store.put(pieces(bytes));
    await truncate(pathOf(ref), 5);
    await store.put(pieces(bytes));
    expect(digestOf(await collect(store.get(ref)))).toBe(ref.digest);
  });

  it('takes the same object from many at once', async () => {
    const others = [store, fileStore({ directory: folder.path }), fileStore({ directory: folder.path })];
    const refs = await Promise.all(
      Array.from({ length: 12 }, (_, at) => (others[at % 3] ?? store).put(pieces(bytes, 10_000 + at))),
    );
    expect(new Set(refs.map(({ digest }) => digest))).toEqual(new Set([digestOf(bytes)]));
    expect(await folder.files()).toHaveLength(1);
  });

  it('tells of a range that a truncated file no longer has', async () => {
    const ref = await store.put(pieces(bytes));
    await truncate(pathOf(ref), 100);
    expect(await collect(store.get(ref, { start: 10, end: 20 }))).toEqual(bytes.slice(10, 20));
    expect(await failure(collect(store.get(ref, { start: 90, end: 110 })))).toMatchObject({ code: 'UNFAITHFUL_STORE' });
    expect(await collect(store.get(ref))).toEqual(bytes.slice(0, 100));
  });

  it('lists what lies there', async () => {
    const refs = [await store.put(pieces(bytes)), await store.put(pieces(bytes.slice(1)))];
    await writeFile(join(dirname(pathOf(refs[0] as BlobRef)), 'stranger'), '');
    const listed: BlobRef[] = [];
    for await (const ref of store.refs()) listed.push(ref);
    expect(listed.toSorted((a, b) => b.size - a.size)).toEqual(refs);
  });
});

describe('scrubbing', () => {
  it('reads everything and names what is not what it was', async () => {
    const contents = [1, 2, 3, 4].map((start) => bytes.slice(start));
    const refs = await Promise.all(contents.map((content) => store.put(pieces(content))));
    const [flipped, cut] = refs as [BlobRef, BlobRef];
    const file = await readFile(pathOf(flipped));
    file[1_000_000] = (file[1_000_000] ?? 0) ^ 1;
    await writeFile(pathOf(flipped), file);
    await truncate(pathOf(cut), 0);
    const told: number[] = [];
    const report = await store.scrub({ onProgress: ({ objects }) => void told.push(objects) });
    expect(report.damaged.toSorted()).toEqual([flipped.digest, cut.digest].toSorted());
    expect(report).toMatchObject({ objects: 4, unreadable: [], bytes: 3 * bytes.length - 8 });
    expect(told).toEqual([1, 2, 3, 4]);
  });

  it('ends when it is aborted', async () => {
    for (const start of [1, 2, 3]) await store.put(pieces(bytes.slice(start)));
    const abort = new AbortController();
    const reason = new Error('enough');
    const scrubbing = store.scrub({ signal: abort.signal, onProgress: () => abort.abort(reason) });
    expect(await failure(scrubbing)).toBe(reason);
  });
});

describe('sweeping', () => {
  const long = 2 * 3_600_000;
  const asOld = async (milliseconds: number): Promise<void> => {
    const then = new Date(Date.now() - milliseconds);
    for (const name of await folder.files()) await utimes(join(folder.path, name), then, then);
  };

  it('removes what a writer left long ago, and nothing else', async () => {
    const ref = await store.put(pieces(bytes));
    await writeFile(join(folder.path, 'temporary', 'left'), 'half an object');
    await asOld(long);
    await writeFile(join(folder.path, 'temporary', 'fresh'), 'being written');
    expect(await store.sweep()).toBe(1);
    expect(await folder.files()).toEqual([pathOf(ref).slice(folder.path.length + 1), 'temporary/fresh']);
    expect(await store.sweep({ olderThan: long })).toBe(0);
  });

  it('spares a writer whose source keeps it waiting', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      let go: () => void = () => {};
      async function* slow(): AsyncGenerator<Uint8Array> {
        yield bytes.slice(0, 10);
        await new Promise<void>((resolve) => (go = resolve));
        yield bytes.slice(10);
      }
      const putting = store.put(slow());
      await vi.waitFor(async () => expect(await folder.files()).toHaveLength(1));
      await asOld(long);
      vi.advanceTimersByTime(30_000);
      await vi.waitFor(async () => {
        const [name = ''] = await folder.files();
        expect(Date.now() - (await stat(join(folder.path, name))).mtimeMs).toBeLessThan(60_000);
      });
      expect(await store.sweep()).toBe(0);
      go();
      expect(await putting).toMatchObject({ digest: digestOf(bytes) });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('lets a put fail whose file was taken all the same', async () => {
    async function* robbed(): AsyncGenerator<Uint8Array> {
      yield bytes;
      await rm(join(folder.path, 'temporary'), { recursive: true });
    }
    expect(await failure(store.put(robbed()))).toMatchObject({ code: 'STORE_UNAVAILABLE', cause: { code: 'ENOENT' } });
    expect(await store.put(pieces(bytes))).toMatchObject({ digest: digestOf(bytes) });
  });

  it('makes the folder of temporary files again when somebody has removed it', async () => {
    await store.put(pieces(bytes));
    await rm(join(folder.path, 'temporary'), { recursive: true });
    expect(await failure(store.put(pieces(bytes)))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await store.put(pieces(bytes))).toMatchObject({ digest: digestOf(bytes) });
  });

  it('wants an age that no living writer reaches', async () => {
    for (const olderThan of [0, 60_000, Number.NaN])
      expect(await failure(store.sweep({ olderThan }))).toBeInstanceOf(RangeError);
  });
});

describe('a folder that is not there', () => {
  it('is an outage and never an empty store', async () => {
    const ref = await store.put(pieces(bytes));
    await rename(folder.path, `${folder.path}-away`);
    try {
      const unmounted = fileStore({ directory: folder.path, create: false });
      for (const one of [store, unmounted]) {
        const listing = async (): Promise<void> => {
          for await (const found of one.refs()) expect(found).toBeUndefined();
        };
        const calls = [
          () => one.put(pieces(bytes)),
          () => collect(one.get(ref)),
          () => one.has(ref),
          () => one.delete(ref),
          () => listing(),
          () => one.scrub(),
        ];
        for (const call of calls)
          expect(await failure(call())).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
      }
      // The folder that a disk is mounted on.
      await mkdir(folder.path);
      for (const call of [
        () => store.has(ref),
        () => store.put(pieces(bytes)),
        () => store.put(pieces(bytes)),
        () => store.sweep(),
      ])
        expect(await failure(call())).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect(await readdir(folder.path)).toEqual([]);
      await rm(folder.path, { recursive: true });
    } finally {
      await rename(`${folder.path}-away`, folder.path);
    }
    expect(await store.has(ref)).toBe(true);
  });

  it('refuses a folder of another kind', async () => {
    await writeFile(join(folder.path, '.medseal'), 'medseal file store v2\n');
    expect(await failure(store.put(pieces(bytes)))).toMatchObject({ code: 'UNSUPPORTED' });
  });

  it('tells what the system said without a path', async () => {
    const place = join(folder.path, 'Mrs Example');
    await writeFile(place, 'a file, so nothing can lie below');
    const error = await failure(fileStore({ directory: join(place, 'store') }).put(pieces(bytes)));
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', cause: { code: 'ENOTDIR', message: expect.any(String) } });
    const told = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).cause);
    expect(told + Object.values((error as { cause: object }).cause).join(' ')).not.toContain('Example');
  });
});
