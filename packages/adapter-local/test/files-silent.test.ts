import type { BlobRef } from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileDirectory } from '../src/files/file-directory.ts';
import { fileStore } from '../src/files/file-store.ts';
import { fileKeyStore } from '../src/keys/file-key-store.ts';
import { type Held, heldOperations, type HeldOperations, nextTurn } from './held-operations.ts';
import { collect, pieces, type TestFolder, testFolder } from './test-folder.ts';

/** The file system falls silent at each operation of a call in turn, and the caller then aborts. */

let operations: HeldOperations;
beforeAll(() => {
  operations = heldOperations();
});
afterAll(() => operations[Symbol.dispose]());

/** What a call is made on: made anew for each operation. */
interface Desk {
  /** @param signal of the call */
  readonly call: (signal: AbortSignal) => Promise<unknown>;
  /** Whether the call has done what it is for. */
  readonly done: () => Promise<boolean>;
}

type Open = (folder: TestFolder) => Promise<Desk>;

const kept = new Uint8Array(1000).fill(1);
const added = new Uint8Array(3_000_000).fill(2);
const id: Hex = `0x${'ab'.repeat(20)}`;

async function store({
  path,
}: TestFolder): Promise<{ readonly of: ReturnType<typeof fileStore>; readonly ref: BlobRef }> {
  const of = fileStore({ directory: path });
  return { of, ref: await of.put(pieces(kept)) };
}

async function keyStore({ path }: TestFolder): Promise<ReturnType<typeof fileKeyStore>> {
  const open = (): ReturnType<typeof fileKeyStore> => fileKeyStore({ directory: path, passphrase: 'own', logN: 14 });
  await open().generate('anna');
  const fresh = open();
  await fresh.unlock('nobody').catch(() => {});
  return fresh;
}

/** Calls that change something, by name. */
const changes: Readonly<Record<string, Open>> = {
  'put of a store': async (folder) => {
    const { of } = await store(folder);
    const done = async (): Promise<boolean> => (await folder.contents('objects')).some(({ length }) => length > 1000);
    return { call: (signal) => of.put(pieces(added), { signal }), done };
  },
  'delete of a store': async (folder) => {
    const { of, ref } = await store(folder);
    return { call: (signal) => of.delete(ref, { signal }), done: async () => !(await of.has(ref)) };
  },
  'put of a directory': async (folder) => {
    const directory = fileDirectory({ directory: folder.path });
    await directory.put('header', id, kept);
    const done = async (): Promise<boolean> => (await directory.get('header', id)).length === 2;
    return { call: (signal) => directory.put('header', id, added, { signal }), done };
  },
  'delete of a directory': async (folder) => {
    const directory = fileDirectory({ directory: folder.path });
    await directory.put('header', id, kept);
    const done = async (): Promise<boolean> => (await directory.get('header', id)).length === 0;
    return { call: (signal) => directory.delete('header', id, { signal }), done };
  },
  'generate of a key store': async (folder) => {
    const keys = await keyStore(folder);
    const done = async (): Promise<boolean> => (await folder.files()).length === 2;
    return { call: (signal) => keys.generate('berta', { signal }), done };
  },
};

/** Calls that change nothing, by name. */
const reads: Readonly<Record<string, Open>> = {
  'get of a store': async (folder) => {
    const { of, ref } = await store(folder);
    return { call: (signal) => collect(of.get(ref, { signal })), done: async () => of.has(ref) };
  },
  'has of a store': async (folder) => {
    const { of, ref } = await store(folder);
    return { call: (signal) => of.has(ref, { signal }), done: async () => of.has(ref) };
  },
  'get of a directory': async (folder) => {
    const directory = fileDirectory({ directory: folder.path });
    await directory.put('header', id, kept);
    return { call: (signal) => directory.get('header', id, { signal }), done: async () => true };
  },
  'unlock of a key store': async (folder) => {
    const keys = await keyStore(folder);
    return { call: (signal) => keys.unlock('anna', { signal }), done: async () => true };
  },
};

const reason = new Error('enough');

interface Ending {
  /** How the call stood when it had been aborted and the file system was silent still. */
  readonly silent: 'aborted' | 'waiting';
  /** How it ended. */
  readonly end: 'aborted' | 'resolved';
  readonly done: boolean;
  readonly files: readonly string[];
}

/** Read anew: the compiler does not see that somebody else writes it. */
function stateOf({ state }: { readonly state: string }): string {
  return state;
}

/** @returns `undefined` when the call needs fewer operations. */
async function silentAt(number: number, when: Held, open: Open): Promise<Ending | undefined> {
  await using folder = await testFolder();
  const { call, done } = await open(folder);
  const abort = new AbortController();
  operations.holdFrom(number, when);
  const now: { state: 'waiting' | Ending['end'] } = { state: 'waiting' };
  const ending = call(abort.signal).then(
    (): Ending['end'] => (now.state = 'resolved'),
    (error: unknown): Ending['end'] => {
      if (error !== reason) throw error;
      return (now.state = 'aborted');
    },
  );
  await Promise.race([operations.reached, ending]);
  if (stateOf(now) === 'resolved') {
    await operations.release();
    return undefined;
  }
  abort.abort(reason);
  await nextTurn();
  const silent = stateOf(now) === 'aborted' ? 'aborted' : 'waiting';
  await operations.release();
  const end = await ending;
  return { silent, end, done: await done(), files: await folder.files() };
}

/** The endings of all operations of a call, in their order. */
async function endings(when: Held, open: Open): Promise<readonly Ending[]> {
  const all: Ending[] = [];
  for (let number = 1; ; number++) {
    const ending = await silentAt(number, when, open);
    if (ending === undefined) return all;
    all.push(ending);
  }
}

describe.each(['before', 'behind'] as const)('a file system that falls silent %s an operation', (when) => {
  it.each(Object.entries(changes))(
    '%s is aborted and does nothing, or is done',
    { timeout: 60_000 },
    async (_, open) => {
      const all = await endings(when, open);
      const [first] = all;
      expect(first).toMatchObject({ silent: 'aborted', done: false });
      for (const { silent, end, done } of all) {
        // Who was let go finds that nothing was done; who was not is told that it was.
        expect({ silent, end, done }).toEqual(
          silent === 'aborted' ? { silent, end: 'aborted', done: false } : { silent, end: 'resolved', done: true },
        );
      }
      // From one operation on it can not be called back.
      expect(all.map(({ silent }) => silent)).toEqual(all.map(({ silent }) => silent).toSorted());
      // What was begun is gone.
      for (const { files, done } of all) expect(files).toEqual(all.find((one) => one.done === done)?.files);
    },
  );

  it.each(Object.entries(reads))('%s is aborted at every operation', { timeout: 60_000 }, async (_, open) => {
    const all = await endings(when, open);
    expect(all.length).toBeGreaterThan(0);
    for (const { silent, end } of all) expect({ silent, end }).toEqual({ silent: 'aborted', end: 'aborted' });
  });
});
