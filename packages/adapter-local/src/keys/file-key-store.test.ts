import { copyFileSync } from 'node:fs';
import { chmod, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DecryptionError, exportKeys, generateKeys, type ParticipantKeys } from '@medseal/core/adapter';
import { describe, expect, it } from 'vitest';
import { failure, testFolder, type TestFolder } from '../../test/test-folder.ts';
import type { KeyTaskOptions } from './change-passphrase.ts';
import { type FileKeyStore, fileKeyStore, type Passphrase } from './file-key-store.ts';
import { subjectFile } from './subject-file.ts';

const passphrase = 'correct horse battery staple';
const logN = 14;

const open = (folder: TestFolder, pass: Passphrase = passphrase): FileKeyStore =>
  fileKeyStore({ directory: join(folder.path, 'keys'), passphrase: pass, logN });

const pathOf = (folder: TestFolder, subject: string, generation = '00000001'): string =>
  join(folder.path, 'keys', generation, subjectFile(subject));

const secretsOf = ({ address, signingSecret, delegatingRoot }: ParticipantKeys) => ({
  address,
  signingSecret,
  delegatingRoot,
});

describe('fileKeyStore', () => {
  it('gives the same keys after a restart, and never overwrites them', async () => {
    await using folder = await testFolder();
    const first = open(folder);
    const anna = await first.generate('anna');
    expect(await failure(first.generate('anna'))).toMatchObject({ code: 'KEYS_EXIST' });
    expect(await failure(first.unlock('bert'))).toMatchObject({ code: 'ABSENT' });
    await first[Symbol.asyncDispose]();
    await using second = open(folder);
    expect(secretsOf(await second.unlock('anna'))).toEqual(secretsOf(anna));
    expect(await failure(second.generate('anna'))).toMatchObject({ code: 'KEYS_EXIST' });
    const exported = await second.export('anna', 'on paper');
    expect(await failure(second.import('anna', exported, 'on paper'))).toMatchObject({ code: 'KEYS_EXIST' });
    expect((await second.import('anna’s phone', exported, 'on paper')).address).toBe(anna.address);
    expect(await failure(second.import('bert', exported, 'wrong'))).toBeInstanceOf(DecryptionError);
    expect(await failure(second.unlock('bert'))).toMatchObject({ code: 'ABSENT' });
    expect(await failure(second.export('bert', 'on paper'))).toMatchObject({ code: 'ABSENT' });
  });

  it('keeps names out of the folder, and others out of the files', async () => {
    await using folder = await testFolder();
    await using store = open(folder);
    await store.generate('anna.miller@north.example');
    expect(await folder.files()).toEqual([`keys/00000001/${subjectFile('anna.miller@north.example')}`]);
    const [bytes] = await folder.contents();
    expect(Buffer.from(bytes ?? []).toString('latin1')).not.toContain('anna');
    expect((await stat(pathOf(folder, 'anna.miller@north.example'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder.path, 'keys'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder.path, 'keys/00000001'))).mode & 0o777).toBe(0o700);
  });

  it.each(['../escape', 'a/b', 'nul\0', '.', 'ä', 'a'.repeat(300)])(
    'takes any text as a subject: %j',
    async (subject) => {
      await using folder = await testFolder();
      await using store = open(folder);
      const { address } = await store.generate(subject);
      await using again = open(folder);
      expect((await again.unlock(subject)).address).toBe(address);
      expect(await folder.files()).toHaveLength(1);
    },
  );

  it.each(['', '\uD800'])('refuses what is no text: %j', async (subject) => {
    await using folder = await testFolder();
    await using store = open(folder);
    expect(await failure(store.generate(subject))).toBeInstanceOf(TypeError);
    expect(await failure(store.unlock(subject))).toBeInstanceOf(TypeError);
  });

  it('has one failure for a wrong passphrase, damage anywhere, and the file of another subject', async () => {
    await using folder = await testFolder();
    await using store = open(folder);
    await store.generate('anna');
    await store.generate('bert');
    const path = pathOf(folder, 'anna');
    const good = await readFile(path);
    const errors = [await failure(open(folder, 'wrong').unlock('anna'))];
    // magic, version, logN, salt, ciphertext, tag
    for (const at of [0, 4, 5, 10, 50, good.length - 1]) {
      await writeFile(
        path,
        good.map((byte, index) => (index === at ? byte ^ 1 : byte)),
      );
      errors.push(await failure(open(folder).unlock('anna')));
    }
    for (const bytes of [good.subarray(1), good.subarray(0, -1), Buffer.alloc(0), Buffer.concat([good, good])]) {
      await writeFile(path, bytes);
      errors.push(await failure(open(folder).unlock('anna')));
    }
    await rename(pathOf(folder, 'bert'), path);
    errors.push(await failure(open(folder).unlock('anna')));
    for (const error of errors) expect(error).toBeInstanceOf(DecryptionError);
    expect(new Set(errors.map((error) => (error as Error).message)).size).toBe(1);
  });

  it('asks for the passphrase once a subject, also when many unlock at once', async () => {
    await using folder = await testFolder();
    let asked = 0;
    const source = async (): Promise<string> => {
      asked++;
      return passphrase;
    };
    await using first = open(folder, source);
    const made = await first.generate('anna');
    expect(await first.unlock('anna')).toBe(made);
    expect(asked).toBe(1);
    await using second = open(folder, source);
    const all = await Promise.all([1, 2, 3, 4].map(() => second.unlock('anna')));
    expect(new Set(all).size).toBe(1);
    await second.unlock('anna');
    expect(asked).toBe(2);
  });

  it('tries again after a failure: a wrong passphrase is not kept', async () => {
    await using folder = await testFolder();
    await open(folder).generate('anna');
    let current = 'wrong';
    await using store = open(folder, () => current);
    expect(await failure(store.unlock('anna'))).toBeInstanceOf(DecryptionError);
    current = passphrase;
    expect((await store.unlock('anna')).address).toMatch(/^0x/);
  });

  it('lets one win when two make keys of a subject', async () => {
    await using folder = await testFolder();
    await using one = open(folder);
    await using other = open(folder);
    const results = await Promise.allSettled([one.generate('anna'), other.generate('anna'), one.generate('anna')]);
    const won = results.filter((result) => result.status === 'fulfilled');
    const lost = results.filter((result) => result.status === 'rejected');
    expect(won).toHaveLength(1);
    expect(lost.map(({ reason }) => reason as unknown)).toMatchObject([{ code: 'KEYS_EXIST' }, { code: 'KEYS_EXIST' }]);
    expect((await open(folder).unlock('anna')).address).toBe(won[0]?.value.address);
  });

  it('tells an outage from absence, and is of no use once closed', async () => {
    await using folder = await testFolder();
    const store = open(folder);
    await store.generate('anna');
    const fresh = open(folder);
    await failure(fresh.unlock('bert'));
    await rename(join(folder.path, 'keys'), join(folder.path, 'away'));
    expect(await failure(fresh.unlock('bert'))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await failure(fresh.generate('carl'))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await store[Symbol.asyncDispose]();
    expect(await failure(store.unlock('anna'))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('refuses a folder that holds something else', async () => {
    await using folder = await testFolder();
    await writeFile(join(folder.path, '.medseal'), 'medseal file store v1\n');
    const store = fileKeyStore({ directory: folder.path, passphrase });
    expect(await failure(store.generate('anna'))).toMatchObject({ code: 'UNSUPPORTED' });
  });
});

describe('a backup', () => {
  it('holds all subjects, and gives them back to an empty store and to the one it is of', async () => {
    await using folder = await testFolder();
    await using store = open(folder);
    const anna = await store.generate('anna');
    await store.generate('bert');
    const to = join(folder.path, 'backup');
    const progress: unknown[] = [];
    expect(await store.backup(to, { onProgress: (done) => progress.push(done) })).toBe(2);
    expect(progress).toEqual([
      { done: 1, total: 2 },
      { done: 2, total: 2 },
    ]);
    expect((await stat(to)).mode & 0o777).toBe(0o700);
    await using elsewhere = await testFolder();
    await using other = open(elsewhere);
    expect(await other.restore(to)).toBe(2);
    expect(secretsOf(await other.unlock('anna'))).toEqual(secretsOf(anna));
    expect(await other.restore(to)).toBe(0);
    expect(await store.restore(to)).toBe(0);
  });

  it('is never written over, and is not there until it is whole', async () => {
    await using folder = await testFolder();
    await using store = open(folder);
    await store.generate('anna');
    const to = join(folder.path, 'backup');
    await store.backup(to);
    expect(await failure(store.backup(to))).toMatchObject({ code: 'KEYS_EXIST' });
    await writeFile(join(folder.path, 'file'), 'mine');
    expect(await failure(store.backup(join(folder.path, 'file')))).toMatchObject({ code: 'KEYS_EXIST' });
    expect(await readFile(join(folder.path, 'file'), 'utf8')).toBe('mine');
    expect(await failure(store.backup(join(folder.path, 'no/such/folder')))).toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    const abort = new AbortController();
    await store.generate('bert');
    const half = store.backup(join(folder.path, 'half'), { signal: abort.signal, onProgress: () => abort.abort() });
    expect(await failure(half)).toBe(abort.signal.reason);
    expect((await readdir(folder.path)).toSorted()).toEqual(['backup', 'file', 'keys']);
  });

  it('is not made of a store with a file that does not open', async () => {
    await using folder = await testFolder();
    await using store = open(folder);
    await store.generate('anna');
    await writeFile(pathOf(folder, 'anna'), 'damage');
    expect(await failure(store.backup(join(folder.path, 'backup')))).toBeInstanceOf(DecryptionError);
    expect(await readdir(folder.path)).toEqual(['keys']);
  });

  it('restores nothing when it is damaged, incomplete, or under another passphrase', async () => {
    await using folder = await testFolder();
    await using store = open(folder);
    await store.generate('anna');
    await store.generate('bert');
    const backup = join(folder.path, 'backup');
    await store.backup(backup);
    await using elsewhere = await testFolder();
    await using other = open(elsewhere);
    expect(await failure(open(elsewhere, 'another').restore(backup))).toBeInstanceOf(DecryptionError);
    const bert = join(backup, subjectFile('bert'));
    const good = await readFile(bert);
    await chmod(bert, 0o600);
    await writeFile(
      bert,
      good.map((byte, index) => (index === 60 ? byte ^ 1 : byte)),
    );
    expect(await failure(other.restore(backup))).toBeInstanceOf(DecryptionError);
    await unlink(bert);
    expect(await failure(other.restore(backup))).toBeInstanceOf(DecryptionError);
    await writeFile(bert, good);
    for (const manifest of ['', 'null', '{}', '{"format":"medseal key backup v1","files":{"../x":"y"}}']) {
      const kept = await readFile(join(backup, 'manifest.json'));
      await writeFile(join(backup, 'manifest.json'), manifest);
      expect(await failure(other.restore(backup))).toBeInstanceOf(DecryptionError);
      await writeFile(join(backup, 'manifest.json'), kept);
    }
    expect(await failure(other.restore(join(folder.path, 'nowhere')))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await elsewhere.files()).toEqual([]);
    expect(await other.restore(backup)).toBe(2);
  });

  it('restores nothing when one subject has other keys here', async () => {
    await using folder = await testFolder();
    await using store = open(folder);
    await store.generate('anna');
    await store.generate('bert');
    const backup = join(folder.path, 'backup');
    await store.backup(backup);
    await using elsewhere = await testFolder();
    await using other = open(elsewhere);
    const own = await other.import('bert', await exportKeys(generateKeys(), 'p', { logN }), 'p');
    expect(await failure(other.restore(backup))).toMatchObject({ code: 'KEYS_EXIST' });
    expect(await failure(other.unlock('anna'))).toMatchObject({ code: 'ABSENT' });
    expect((await open(elsewhere).unlock('bert')).address).toBe(own.address);
  });
});

describe('changePassphrase', () => {
  it('encrypts all keys anew and leaves nothing under the old passphrase', async () => {
    await using folder = await testFolder();
    await using store = open(folder);
    const anna = await store.generate('anna');
    await store.generate('bert');
    const progress: unknown[] = [];
    await store.changePassphrase('another', { onProgress: (done) => progress.push(done) });
    expect(progress.at(-1)).toEqual({ done: 2, total: 2 });
    expect((await readdir(join(folder.path, 'keys'))).toSorted()).toEqual(['.medseal', '00000002']);
    expect(await failure(open(folder).unlock('anna'))).toBeInstanceOf(DecryptionError);
    expect(secretsOf(await open(folder, 'another').unlock('anna'))).toEqual(secretsOf(anna));
    // The store itself goes on with the new one.
    const carl = await store.generate('carl');
    expect((await open(folder, 'another').unlock('carl')).address).toBe(carl.address);
    await store.changePassphrase(() => 'a third');
    expect((await open(folder, 'a third').unlock('carl')).address).toBe(carl.address);
  });

  it('changes nothing when a file does not open', async () => {
    await using folder = await testFolder();
    await using store = open(folder);
    await store.generate('anna');
    await store.generate('bert');
    const damaged = pathOf(folder, 'bert');
    await writeFile(damaged, 'damage');
    expect(await failure(store.changePassphrase('another'))).toBeInstanceOf(DecryptionError);
    expect((await open(folder).unlock('anna')).address).toMatch(/^0x/);
    await unlink(damaged);
    await store.changePassphrase('another');
    expect((await open(folder, 'another').unlock('anna')).address).toMatch(/^0x/);
  });

  it('goes on where a signal has ended it, or begins anew for another passphrase', async () => {
    await using folder = await testFolder();
    await using store = open(folder);
    await store.generate('anna');
    await store.generate('bert');
    const stop = async (to: string): Promise<void> => {
      const abort = new AbortController();
      const ended = store.changePassphrase(to, { signal: abort.signal, onProgress: () => abort.abort() });
      expect(await failure(ended)).toBe(abort.signal.reason);
    };
    await stop('another');
    expect((await open(folder).unlock('bert')).address).toMatch(/^0x/);
    const done: number[] = [];
    await stop('a third');
    await store.changePassphrase('a third', { onProgress: (progress) => done.push(progress.done) });
    expect(done).toEqual([2]);
    await using again = open(folder, 'a third');
    expect((await again.unlock('anna')).address).toMatch(/^0x/);
    expect((await again.unlock('bert')).address).toMatch(/^0x/);
  });

  it('opens keys all the time, with the passphrase that counts', async () => {
    await using folder = await testFolder();
    await open(folder).generate('anna');
    await using store = open(folder);
    const unlocked: Promise<unknown>[] = [];
    // Seen by the change itself, though not for applications: it has put the new generation in the place of the old one.
    const onStep = (step: string): void => {
      if (step === 'committed') unlocked.push(store.unlock('anna').catch((error: unknown) => error));
    };
    await store.changePassphrase('another', { onStep } as KeyTaskOptions);
    expect(await Promise.all(unlocked)).toMatchObject([{ address: expect.stringMatching(/^0x/) }]);
  });

  it('takes along what a process with the old passphrase has added since', async () => {
    await using folder = await testFolder();
    await using store = open(folder);
    await store.generate('anna');
    await using old = open(folder);
    await old.unlock('anna');
    await store.changePassphrase('another');
    const late = await old.generate('bert');
    expect(await failure(store.unlock('bert'))).toBeInstanceOf(DecryptionError);
    await open(folder).changePassphrase('another');
    expect((await open(folder, 'another').unlock('bert')).address).toBe(late.address);
    expect((await open(folder, 'another').unlock('anna')).address).toMatch(/^0x/);
  });

  it('erases nothing that another process has added behind its back', async () => {
    await using folder = await testFolder();
    await using elsewhere = await testFolder();
    await open(elsewhere).generate('bert');
    await using store = open(folder);
    await store.generate('anna');
    const onStep = (step: string): void => {
      if (step === 'sweeping') copyFileSync(pathOf(elsewhere, 'bert'), pathOf(folder, 'bert'));
    };
    await store.changePassphrase('another', { onStep } as KeyTaskOptions);
    await expect(stat(pathOf(folder, 'anna'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await open(folder).unlock('bert')).address).toMatch(/^0x/);
  });

  it('refuses an empty passphrase', async () => {
    await using folder = await testFolder();
    await using store = open(folder);
    await store.generate('anna');
    expect(await failure(store.changePassphrase(''))).toBeInstanceOf(RangeError);
    expect((await open(folder).unlock('anna')).address).toMatch(/^0x/);
  });
});
