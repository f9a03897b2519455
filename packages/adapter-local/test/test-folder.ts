import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestFolder extends AsyncDisposable {
  readonly path: string;
  /** Paths of all files below, relative, sorted; the mark of the folder left out. */
  files(): Promise<readonly string[]>;
  /** Bytes of those whose path begins like this. */
  contents(prefix?: string): Promise<readonly Uint8Array[]>;
  /** The folder's disk is unmounted until this is disposed of. */
  cutOff(): Promise<AsyncDisposable>;
}

/** A fresh folder that is gone afterwards. */
export async function testFolder(): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), 'medseal-files-'));
  const files = async (): Promise<readonly string[]> => {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name !== '.medseal')
      .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
      .toSorted();
  };
  return {
    path,
    files,
    contents: async (prefix = '') => {
      const names = (await files()).filter((name) => name.startsWith(prefix));
      return Promise.all(names.map(async (name) => Uint8Array.from(await readFile(join(path, name)))));
    },
    cutOff: async () => {
      await rename(path, `${path}-away`);
      return { [Symbol.asyncDispose]: () => rename(`${path}-away`, path) };
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

export async function* pieces(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.slice(start, start + size);
}

export async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const found: Uint8Array[] = [];
  for await (const piece of source) found.push(piece);
  return Uint8Array.from(Buffer.concat(found));
}

/** What a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('should have failed');
}
