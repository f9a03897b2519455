import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DecryptionError, KeysExistError, StoreUnavailableError } from '@medseal/core/adapter';
import { FILE_MODE, FOLDER_MODE, syncFolder } from '../files/durable-folder.ts';
import { io, isTaken, unlessMissing } from '../files/io.ts';
import type { KeyTaskOptions } from './change-passphrase.ts';
import type { KeyFolder } from './key-folder.ts';
import { openKeys } from './subject-file.ts';

const FORMAT = 'medseal key backup v1';
const MANIFEST = 'manifest.json';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Milliseconds after which a backup that is not whole was left by a crash. */
const LEFT_OVER = 600_000;

/** Which files a backup has, so that one that is missing is missed, and SHA-256 of each. */
interface Manifest {
  readonly format: typeof FORMAT;
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Copies all key files, still encrypted, into a new folder. Each is opened first, since a backup that does not open is
 * none, and read back afterwards. The folder appears when it is whole.
 *
 * @returns how many subjects it holds
 * @throws DecryptionError when a file does not open under the passphrase.
 */
export async function backupKeys(
  folder: KeyFolder,
  to: string,
  passphrase: string,
  { signal, onProgress }: KeyTaskOptions,
): Promise<number> {
  const target = resolve(to);
  if ((await unlessMissing(stat(target))) !== undefined) throw new KeysExistError();
  await removeLeftOver(target);
  const writing = join(dirname(target), `.${basename(target)}-${randomUUID()}`);
  await io(mkdir(writing, { mode: FOLDER_MODE }));
  try {
    const files: Record<string, string> = {};
    const names = await folder.allFiles();
    for (const [index, file] of names.entries()) {
      signal?.throwIfAborted();
      const bytes = await folder.read(file);
      if (bytes === undefined) throw new StoreUnavailableError('Keys vanished while they were copied');
      await openKeys(bytes, file, passphrase);
      await writeWhole(join(writing, file), bytes);
      files[file] = digest(bytes);
      onProgress?.({ done: index + 1, total: names.length });
    }
    const manifest: Manifest = { format: FORMAT, files };
    await writeWhole(join(writing, MANIFEST), Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`));
    await io(syncFolder(writing));
    await io(
      rename(writing, target).catch((error: unknown) => {
        // Something else lies there.
        throw isTaken(error) || isNotEmpty(error) ? new KeysExistError() : error;
      }),
    );
    await io(syncFolder(dirname(target)));
    return names.length;
  } catch (error) {
    await rm(writing, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Takes the keys of a backup in. Everything is verified before anything is written: no file missing or damaged, each
 * opens under the passphrase, and none is there already with other keys. A crash may leave a part of them taken in, each
 * whole; the same call again takes in the rest.
 *
 * @returns how many subjects were not here before
 * @throws KeysExistError, DecryptionError; nothing was written then.
 */
export async function restoreKeys(
  folder: KeyFolder,
  from: string,
  passphrase: string,
  { signal, onProgress }: KeyTaskOptions,
): Promise<number> {
  const { files } = await readManifest(from);
  const names = Object.keys(files);
  const missing: (readonly [file: string, bytes: Uint8Array])[] = [];
  for (const [index, file] of names.entries()) {
    signal?.throwIfAborted();
    const bytes = await unlessMissing(readFile(join(from, file)));
    if (bytes === undefined || digest(bytes) !== files[file]) throw new DecryptionError();
    const keys = await openKeys(new Uint8Array(bytes), file, passphrase);
    const present = await folder.read(file);
    if (present === undefined) missing.push([file, new Uint8Array(bytes)]);
    else if (!bytes.equals(present) && (await openKeys(present, file, passphrase)).address !== keys.address)
      throw new KeysExistError();
    onProgress?.({ done: index + 1, total: names.length });
  }
  signal?.throwIfAborted();
  for (const [file, bytes] of missing) await folder.add(file, bytes);
  return missing.length;
}

/** What crashes have left of earlier attempts beside the target: keys, encrypted, which nobody would look for there. */
async function removeLeftOver(target: string): Promise<void> {
  const prefix = `.${basename(target)}-`;
  for (const name of (await unlessMissing(readdir(dirname(target)))) ?? []) {
    if (!name.startsWith(prefix) || !UUID.test(name.slice(prefix.length))) continue;
    const path = join(dirname(target), name);
    const found = await unlessMissing(stat(path));
    if (found !== undefined && found.mtimeMs < Date.now() - LEFT_OVER)
      await io(rm(path, { recursive: true, force: true }));
  }
}

async function readManifest(from: string): Promise<Manifest> {
  const text = await io(readFile(join(from, MANIFEST), 'utf8'));
  try {
    const manifest = JSON.parse(text) as Partial<Manifest> | null;
    const { format, files } = manifest ?? {};
    if (format === FORMAT && typeof files === 'object' && files !== null && Object.entries(files).every(isEntry))
      return { format, files };
  } catch {
    // One failure for all damage, below.
  }
  throw new DecryptionError();
}

function isEntry([file, sum]: readonly [string, unknown]): boolean {
  return /^[0-9a-f]{64}$/.test(file) && typeof sum === 'string';
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await io(open(path, 'wx', FILE_MODE));
  try {
    await io(handle.writeFile(bytes));
    await io(handle.sync());
  } finally {
    await handle.close();
  }
  const back = await io(readFile(path));
  if (!back.equals(bytes)) throw new StoreUnavailableError('The file system gives back other bytes than it was given');
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function isNotEmpty(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'ENOTDIR');
}
