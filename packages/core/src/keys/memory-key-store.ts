import { KeysExistError } from '../errors/key-store-errors.ts';
import { AbsentError } from '../errors/store-errors.ts';
import { throwIfAborted } from '../lib/abort.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { KeyStore, ParticipantKeys } from '../ports/key-store.ts';
import { exportKeys, type ExportOptions, importKeys } from './key-file.ts';
import { generateKeys } from './participant-keys.ts';

/** Keys for as long as the process lives. For tests, examples and short-lived participants. */
export function memoryKeyStore(options: ExportOptions = {}): KeyStore {
  const held = new Map<string, ParticipantKeys>();
  const add = (subject: string, keys: ParticipantKeys): ParticipantKeys => {
    if (held.has(subject)) throw new KeysExistError();
    held.set(subject, keys);
    return keys;
  };
  const find = (subject: string, { signal }: CallOptions = {}): ParticipantKeys => {
    throwIfAborted(signal);
    const keys = held.get(subject);
    if (keys === undefined) throw new AbsentError('The key store holds no keys of this subject');
    return keys;
  };
  return {
    async generate(subject, { signal } = {}) {
      throwIfAborted(signal);
      if (held.has(subject)) throw new KeysExistError();
      return add(subject, generateKeys());
    },
    async unlock(subject, call) {
      return find(subject, call);
    },
    async export(subject, passphrase, call) {
      return exportKeys(find(subject, call), passphrase, options);
    },
    async import(subject, bytes, passphrase, { signal } = {}) {
      if (held.has(subject)) throw new KeysExistError();
      const keys = await importKeys(bytes, passphrase);
      throwIfAborted(signal);
      return add(subject, keys);
    },
    async [Symbol.asyncDispose]() {
      held.clear();
    },
  };
}
