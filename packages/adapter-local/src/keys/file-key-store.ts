import {
  AbsentError,
  type CallOptions,
  exportKeys,
  generateKeys,
  importKeys,
  KeysExistError,
  type KeyStore,
  type ParticipantKeys,
  StoreUnavailableError,
  unlessAborted,
} from '@medseal/core/adapter';
import { abortableUntil } from '../files/abortable-until.ts';
import { changePassphrase, type KeyTaskOptions } from './change-passphrase.ts';
import { backupKeys, restoreKeys } from './key-backup.ts';
import { KeyFolder } from './key-folder.ts';
import { openKeys, sealKeys, subjectFile } from './subject-file.ts';

/** A passphrase, or what gives it: asked anew each time, so that the store keeps none. */
export type Passphrase = string | (() => string | Promise<string>);

export interface FileKeyStoreOptions {
  /** Folder of the key files; made when it is not there. */
  readonly directory: string;
  /** Encrypts every file. */
  readonly passphrase: Passphrase;
  /** Logarithm of scrypt's work factor N, 14 to 18; 17 unless told. */
  readonly logN?: number | undefined;
}

/** Keys in encrypted files. */
export interface FileKeyStore extends KeyStore {
  /**
   * Encrypts all keys anew. Until it is done the old passphrase opens everything, from then on the new one does, also
   * after a crash; the same call again goes on where it was. Stop other processes that use the folder first: they know
   * the old passphrase.
   *
   * @throws DecryptionError when a file opens under neither.
   */
  changePassphrase(to: Passphrase, options?: KeyTaskOptions): Promise<void>;
  /**
   * Copies all keys, encrypted as they are, into a new folder, after having opened each. Resolves with their number.
   *
   * @throws DecryptionError when a file does not open, KeysExistError when something lies there already.
   */
  backup(to: string, options?: KeyTaskOptions): Promise<number>;
  /**
   * Takes in what a backup holds and this store does not; resolves with their number. Everything is verified first. A
   * crash may leave a part of it taken in; the same call again takes in the rest.
   *
   * @throws DecryptionError when the backup is damaged, incomplete, or under another passphrase; KeysExistError when
   *   this store has other keys of a subject.
   */
  restore(from: string, options?: KeyTaskOptions): Promise<number>;
}

/**
 * A key store in a folder: one file a subject, named by a hash, for the owner alone (0600), written whole or not at
 * all, and never overwritten. A wrong passphrase, damage, and the file of another subject are one DecryptionError.
 * Keys that were unlocked are kept in memory until disposal: scrypt is paid once for a subject. Signals are heard while
 * a call waits for its turn or for the passphrase; a change of passphrase, a backup and a restore that have begun hear
 * them between two files, and have ended when they reject.
 *
 * @throws StoreUnavailableError for whatever the file system refuses, TypeError for a subject that is no text.
 */
export function fileKeyStore(options: FileKeyStoreOptions): FileKeyStore {
  return new FolderKeyStore(options);
}

class FolderKeyStore implements FileKeyStore {
  readonly #folder: KeyFolder;
  readonly #logN: number | undefined;
  #passphrase: Passphrase;
  /** By file. */
  readonly #unlocked = new Map<string, Promise<ParticipantKeys>>();
  #opening: Promise<void> | undefined;
  /** The last of those that write: they come one after the other. */
  #writing: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor({ directory, passphrase, logN }: FileKeyStoreOptions) {
    this.#folder = new KeyFolder(directory);
    this.#passphrase = passphrase;
    this.#logN = logN;
  }

  async generate(subject: string, options: CallOptions = {}): Promise<ParticipantKeys> {
    return this.#add(subject, async () => generateKeys(), options);
  }

  async unlock(subject: string, { signal }: CallOptions = {}): Promise<ParticipantKeys> {
    signal?.throwIfAborted();
    return unlessAborted(this.#unlock(subjectFile(subject)), signal);
  }

  async #unlock(file: string): Promise<ParticipantKeys> {
    await this.#open();
    let unlocking = this.#unlocked.get(file);
    if (unlocking === undefined) {
      // Shared by those who ask at once, so that none of them may abort it.
      unlocking = this.#read(file);
      this.#unlocked.set(file, unlocking);
      unlocking.catch(() => this.#unlocked.delete(file));
    }
    return unlocking;
  }

  async export(subject: string, passphrase: string, options: CallOptions = {}): Promise<Uint8Array> {
    const keys = await this.unlock(subject, options);
    return unlessAborted(exportKeys(keys, passphrase, { logN: this.#logN }), options.signal);
  }

  async import(
    subject: string,
    bytes: Uint8Array,
    passphrase: string,
    options: CallOptions = {},
  ): Promise<ParticipantKeys> {
    return this.#add(subject, () => importKeys(bytes, passphrase), options);
  }

  changePassphrase(to: Passphrase, options: KeyTaskOptions = {}): Promise<void> {
    const { signal } = options;
    return abortableUntil(signal, (begin) =>
      this.#inTurn(options, async () => {
        const passphrases = { from: await ask(this.#passphrase, signal), to: await ask(to, signal) };
        begin();
        const onCommit = (): void => void (this.#passphrase = to);
        await changePassphrase(this.#folder, { ...options, ...passphrases, logN: this.#logN, onCommit });
        onCommit();
      }),
    );
  }

  backup(to: string, options: KeyTaskOptions = {}): Promise<number> {
    return this.#task(options, (passphrase) => backupKeys(this.#folder, to, passphrase, options));
  }

  restore(from: string, options: KeyTaskOptions = {}): Promise<number> {
    return this.#task(options, (passphrase) => restoreKeys(this.#folder, from, passphrase, options));
  }

  /** Waits for what is being written, and forgets the keys. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#writing.catch(() => {});
    this.#unlocked.clear();
  }

  async #add(subject: string, make: () => Promise<ParticipantKeys>, options: CallOptions): Promise<ParticipantKeys> {
    const { signal } = options;
    const file = subjectFile(subject);
    const add = async (commit: () => void): Promise<ParticipantKeys> => {
      if ((await this.#folder.read(file)) !== undefined) throw new KeysExistError();
      const keys = await make();
      const sealed = await sealKeys(keys, file, await ask(this.#passphrase, signal), this.#logN);
      signal?.throwIfAborted();
      await this.#folder.add(file, sealed, commit);
      this.#unlocked.set(file, Promise.resolve(keys));
      return keys;
    };
    return abortableUntil(signal, (commit) => this.#inTurn(options, () => add(commit)));
  }

  async #read(file: string): Promise<ParticipantKeys> {
    const bytes = await this.#folder.read(file);
    if (bytes === undefined) throw new AbsentError('The key store holds no keys of this subject');
    const passphrase = this.#passphrase;
    try {
      return await openKeys(bytes, file, await ask(passphrase));
    } catch (error) {
      // Unless it was changed in the meantime.
      if (this.#passphrase === passphrase) throw error;
      return openKeys(bytes, file, await ask(this.#passphrase));
    }
  }

  /** The caller may go until the work has begun. From then on it ends before he does: the signal is heard between its steps. */
  #task<T>(options: KeyTaskOptions, work: (passphrase: string) => Promise<T>): Promise<T> {
    const { signal } = options;
    return abortableUntil(signal, (begin) =>
      this.#inTurn(options, async () => {
        const passphrase = await ask(this.#passphrase, signal);
        begin();
        return work(passphrase);
      }),
    );
  }

  async #inTurn<T>({ signal }: CallOptions, work: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    await this.#open();
    const run = this.#writing.then(() => {
      signal?.throwIfAborted();
      return work();
    });
    this.#writing = run.catch(() => undefined);
    return run;
  }

  /** Also finishes what a crash has left of a change of passphrase. */
  async #open(): Promise<void> {
    if (this.#closed) throw new StoreUnavailableError('The key store was closed');
    this.#opening ??= this.#folder.open().then(() => this.#folder.sweep());
    try {
      await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }
}

async function ask(passphrase: Passphrase, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  return typeof passphrase === 'string' ? passphrase : unlessAborted(Promise.resolve(passphrase()), signal);
}
