import { createHash, randomUUID } from 'node:crypto';
import { open, readdir, readFile, rename, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_MODE, syncFolder } from './durable-folder.ts';
import { eraseFile, overwrite } from './erase-file.ts';
import { io, isMissing, outage, unlessMissing } from './io.ts';

/**
 * The objects of one kind under one id, as files in a folder of their own. Names tell what a file is:
 *
 *     00000007-<SHA-256>   the object that was put as the seventh
 *     putting-<random>     one that is being written, or was when its writer crashed
 *     erasing-<random>     one that is to be erased, and that nobody reads any more
 *
 * No locks: each step is one rename, and two processes that choose the same number differ in the digest.
 */
const OBJECT = /^(?<number>\d{8,})-(?<digest>[0-9a-f]{64})$/;
const PUTTING = 'putting-';
const ERASING = 'erasing-';

interface SlotObject {
  readonly name: string;
  readonly number: number;
  readonly digest: string;
}

/** Names of the objects, oldest first. The same object twice, put by two processes at once, counts as the older one. */
async function objectsIn(folder: string): Promise<readonly SlotObject[]> {
  const seen = new Set<string>();
  const found: SlotObject[] = [];
  for (const name of (await unlessMissing(readdir(folder))) ?? []) {
    const { number, digest } = OBJECT.exec(name)?.groups ?? {};
    if (number !== undefined && digest !== undefined) found.push({ name, number: Number(number), digest });
  }
  return found
    .toSorted((a, b) => a.number - b.number || (a.digest < b.digest ? -1 : 1))
    .filter(({ digest }) => !seen.has(digest) && seen.add(digest));
}

export async function readSlot(folder: string): Promise<readonly Uint8Array[]> {
  const found: Uint8Array[] = [];
  for (const { name } of await objectsIn(folder)) {
    const bytes = await unlessMissing(readFile(join(folder, name)));
    // Deleted since the names were read.
    if (bytes !== undefined) found.push(new Uint8Array(bytes));
  }
  return found;
}

/**
 * Resolves once the object would survive a crash.
 *
 * @param commit called before the object can be seen; nothing is put where it throws
 * @returns whether the folder was there. If somebody deletes it, nothing is put, and the caller tries again.
 */
export async function putIntoSlot(folder: string, bytes: Uint8Array, commit: () => void = () => {}): Promise<boolean> {
  const digest = createHash('sha256').update(bytes).digest('hex');
  const objects = await objectsIn(folder);
  const same = objects.find((object) => object.digest === digest);
  if (same === undefined || !(await holds(join(folder, same.name), bytes))) {
    const number = same?.number ?? (objects.at(-1)?.number ?? 0) + 1;
    const name = `${String(number).padStart(8, '0')}-${digest}`;
    if (!(await writeObject(folder, { name, bytes, commit }))) return false;
  }
  // Also where it was there already: who put it may not have come so far.
  return (await unlessMissing(syncFolder(folder).then(() => true))) === true;
}

async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  const present = await unlessMissing(readFile(path));
  return present !== undefined && present.equals(bytes);
}

interface NewObject {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly commit: () => void;
}

async function writeObject(folder: string, { name, bytes, commit }: NewObject): Promise<boolean> {
  const path = join(folder, PUTTING + randomUUID());
  const handle = await unlessMissing(open(path, 'wx', FILE_MODE));
  if (handle === undefined) return false;
  try {
    await io(handle.writeFile(bytes));
    await io(handle.sync());
    commit();
    await rename(path, join(folder, name));
    return true;
  } catch (error) {
    // Through the handle: a deletion may have renamed or unlinked the file, and these bytes are to be erased too.
    await overwrite(handle).catch(() => {});
    await eraseFile(path).catch(() => {});
    if (isMissing(error)) return false;
    throw outage(error);
  } finally {
    await handle.close();
  }
}

/** Which files to erase. Those whose erasure was begun are erased always. */
export interface EraseFilter {
  readonly objects: boolean;
  /** Of writers: those without a change since this time, milliseconds since 1970. */
  readonly writersBefore: number;
  /** Called before anything is erased; nothing is where it throws. */
  readonly commit?: (() => void) | undefined;
}

/** Erases files: first none of them can be read, and that survives a crash; then their bytes go. */
export async function eraseInSlot(folder: string, { objects, writersBefore, commit }: EraseFilter): Promise<number> {
  const names = (await unlessMissing(readdir(folder))) ?? [];
  commit?.();
  const erasing: string[] = [];
  for (const name of names) {
    const path = join(folder, name);
    if (name.startsWith(ERASING)) erasing.push(path);
    else if ((objects && OBJECT.test(name)) || (name.startsWith(PUTTING) && (await isOlder(path, writersBefore)))) {
      const renamed = join(folder, ERASING + randomUUID());
      if ((await unlessMissing(rename(path, renamed).then(() => true))) === true) erasing.push(renamed);
    }
  }
  if (erasing.length > 0) await unlessMissing(syncFolder(folder));
  for (const path of erasing) await eraseFile(path);
  if (erasing.length > 0) await unlessMissing(syncFolder(folder));
  return erasing.length;
}

async function isOlder(path: string, before: number): Promise<boolean> {
  const found = await unlessMissing(stat(path));
  return found !== undefined && found.mtimeMs < before;
}

/** Removes the folder where nothing is left in it: its name would tell an id. */
export async function removeEmptySlot(folder: string): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    // Somebody puts something, or somebody else was quicker.
    () => false,
  );
}
