import {
  type CallOptions,
  DecryptionError,
  generateKeys,
  KeysExistError,
  type ParticipantKeys,
  StoreUnavailableError,
} from '@medseal/core/adapter';
import type { KeyFolder } from './key-folder.ts';
import { openKeys, sealKeys } from './subject-file.ts';

export interface KeyProgress {
  /** Subjects done. */
  readonly done: number;
  readonly total: number;
}

export interface KeyTaskOptions extends CallOptions {
  readonly onProgress?: ((progress: KeyProgress) => void) | undefined;
}

export interface PassphraseChange extends KeyTaskOptions {
  readonly from: string;
  readonly to: string;
  readonly logN: number | undefined;
  /** Called once the new generation counts: what is read opens under the new passphrase from then on. */
  readonly onCommit?: (() => void) | undefined;
  /** Called behind every step that a crash may follow. */
  readonly onStep?: ((step: string) => void) | undefined;
}

/** A file that opens under the passphrase of its generation and holds nobody's keys: it tells which passphrase that is. */
const CHECK = 'check';
const CHECK_NAME = Buffer.from('check').toString('hex');

/**
 * Encrypts all keys anew. The new generation is made beside the old one, which stays valid until the rename that puts
 * the new one in its place; so after a crash either passphrase opens everything or the other one does. The same call
 * again goes on where the crash was, on either side of the rename.
 *
 * @throws DecryptionError when a file opens under neither passphrase; the old generation is then untouched.
 */
export async function changePassphrase(folder: KeyFolder, change: PassphraseChange): Promise<void> {
  const { to, onStep = () => {} } = change;
  const [current, ...older] = [await folder.current(), ...(await folder.generations()).slice(1)];
  for (const generation of older) await moveOn(folder, generation, current, change);
  if (older.length > 0) onStep('swept');
  // An earlier call with this passphrase came to its end, or nearly.
  if ((await hasPassphrase(folder, current, to)) && (await allOpen(folder, current, to))) return;
  const staging = await stage(folder, current, change);
  await encryptAnew(folder, current, staging, change);
  change.signal?.throwIfAborted();
  const generation = await folder.commit(staging);
  change.onCommit?.();
  onStep('committed');
  await moveOn(folder, current, generation, change);
  onStep('swept');
}

/** The folder of the generation to come: with what an interrupted call left if it was for this passphrase, else empty. */
async function stage(folder: KeyFolder, current: string, { to, logN, onStep }: PassphraseChange): Promise<string> {
  const staging = await folder.stage(current);
  onStep?.('staged');
  if (await hasPassphrase(folder, staging, to)) return staging;
  await folder.erase(staging, new Set(await folder.files(staging)));
  await folder.stage(current);
  await folder.addIn(staging, CHECK, await sealKeys(generateKeys(), CHECK_NAME, to, logN));
  onStep?.('check');
  return staging;
}

async function hasPassphrase(folder: KeyFolder, generation: string, passphrase: string): Promise<boolean> {
  const check = await folder.readIn(generation, CHECK);
  return check !== undefined && (await tryKeys(check, CHECK_NAME, passphrase)) !== undefined;
}

/** Not so where a process that knew the old passphrase only has added subjects since. */
async function allOpen(folder: KeyFolder, generation: string, passphrase: string): Promise<boolean> {
  for (const file of await folder.files(generation)) {
    const bytes = await folder.readIn(generation, file);
    if (bytes !== undefined && (await tryKeys(bytes, file, passphrase)) === undefined) return false;
  }
  return true;
}

/** Until the new generation holds every subject of the old one. What it holds already was written whole, by this change. */
async function encryptAnew(folder: KeyFolder, from: string, to: string, change: PassphraseChange): Promise<void> {
  for (;;) {
    const all = await folder.files(from);
    const ready = new Set(await folder.files(to));
    const missing = all.filter((file) => !ready.has(file));
    if (missing.length === 0) return;
    for (const [index, file] of missing.entries()) {
      change.signal?.throwIfAborted();
      await encryptOne(folder, { from, to, file }, change);
      change.onProgress?.({ done: all.length - missing.length + index + 1, total: all.length });
      change.onStep?.('encrypted');
    }
  }
}

/** Erases an old generation, after subjects that another process added to it late have been taken along. */
async function moveOn(folder: KeyFolder, old: string, current: string, change: PassphraseChange): Promise<void> {
  const present = new Set(await folder.files(current));
  for (const file of await folder.files(old)) {
    if (present.has(file)) continue;
    try {
      await encryptOne(folder, { from: old, to: current, file }, change);
      present.add(file);
    } catch (error) {
      // Under a passphrase of long ago: it stays where `read` finds it.
      if (!(error instanceof DecryptionError)) throw error;
    }
  }
  change.onStep?.('sweeping');
  await folder.erase(old, present);
}

async function encryptOne(
  folder: KeyFolder,
  { from, to, file }: { readonly from: string; readonly to: string; readonly file: string },
  change: PassphraseChange,
): Promise<void> {
  const bytes = await folder.readIn(from, file);
  if (bytes === undefined) return;
  const keys = (await tryKeys(bytes, file, change.from)) ?? (await openKeys(bytes, file, change.to));
  const sealed = await sealKeys(keys, file, change.to, change.logN);
  const added = await folder.addIn(to, file, sealed).catch((error: unknown) => {
    if (error instanceof KeysExistError) return true;
    throw error;
  });
  if (!added) throw new StoreUnavailableError('Another process is changing the passphrase');
}

async function tryKeys(bytes: Uint8Array, file: string, passphrase: string): Promise<ParticipantKeys | undefined> {
  try {
    return await openKeys(bytes, file, passphrase);
  } catch (error) {
    if (error instanceof DecryptionError) return undefined;
    throw error;
  }
}
