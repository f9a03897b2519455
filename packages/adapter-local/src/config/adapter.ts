import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Adapter, authorityField, fields, offer, type OpenContext } from '@medseal/core/adapter';
import { fileDirectory } from '../files/file-directory.ts';
import { fileProxyState } from '../files/file-proxy-state.ts';
import { fileStore } from '../files/file-store.ts';
import { FOLDER_MODE } from '../files/durable-folder.ts';
import { fileKeyStore } from '../keys/file-key-store.ts';
import { localLedger } from '../ledger/local-ledger.ts';
import { sqliteMirrorState } from '../mirror/sqlite-mirror-state.ts';
import { sqliteViewStore } from '../view/sqlite-view-store.ts';

const { count, flag, optional, path, section, withDefault } = fields;

const create = withDefault(
  flag('Make what is not there. `false` where it lies on a mounted disk: one that is not mounted is then an outage.'),
  true,
);

const ledger = offer(
  'A durable ledger in one SQLite file of this machine, for one writer, with signed checkpoints.',
  {
    path: path('File of the ledger. Beside it come `-wal`, `-shm`, `-lock`, `-head` and `-key`.'),
    authority: optional(authorityField),
    create: withDefault(
      flag(
        'Make the ledger when there is none: needs `authority`, and is not done where `domain` says which it must be.',
      ),
      true,
    ),
    readOnly: withDefault(flag('Read beside a writer, in this process or another; nothing can be submitted.'), false),
    keyFile: optional(path('File of the key that signs checkpoints; `path` and `-key` when absent.')),
    acceptClock: withDefault(flag('Accept the system’s clock although it is behind the last entry.'), false),
    maxBatch: withDefault(count('Most commands in one transaction.', 1), 256),
    maxWaiting: withDefault(count('Most commands that wait to be written.', 1), 4096),
    publish: optional(
      section('Publishes the log as static files (C2SP tlog-tiles).', {
        directory: path('Folder of the files.'),
        delay: withDefault(count('Milliseconds to wait after a commit.', 0), 200),
      }),
    ),
  },
  async ({ path: file, authority, create: mayCreate, keyFile, publish, ...options }, context) => {
    const key = keyFile === undefined ? undefined : { file: locate(keyFile, context) };
    const making = mayCreate && authority !== undefined && context.domain === undefined && !options.readOnly;
    return localLedger({
      ...options,
      path: making ? await inFolder(file, context) : locate(file, context),
      authority,
      create: making,
      domain: context.domain,
      clock: context.clock,
      key,
      publish: publish && { directory: locate(publish.directory, context), delay: publish.delay },
    });
  },
);

/** What a configuration calls `local`: everything on the disks of this machine. */
export const adapter: Adapter = {
  ledger,
  store: offer(
    'Payloads as files in a folder, found by their digest.',
    { directory: path('The folder.'), create },
    async ({ directory, ...options }, context) => fileStore({ ...options, directory: locate(directory, context) }),
  ),
  mirrorState: offer(
    'What a mirror owes its copies, in a SQLite file.',
    { path: path('The file: one for each mirror.'), create },
    async ({ path: file, create: mayCreate }, context) =>
      sqliteMirrorState({
        path: mayCreate ? await inFolder(file, context) : locate(file, context),
        create: mayCreate,
      }),
  ),
  directory: offer(
    'Headers, tickets and key documents as files in a folder.',
    { directory: path('The folder.'), create },
    async ({ directory, ...options }, context) => fileDirectory({ ...options, directory: locate(directory, context) }),
  ),
  keyStore: offer(
    'Keys in encrypted files of a folder, one a subject.',
    {
      directory: path('The folder; made when it is not there.'),
      passphrase: fields.secret('Encrypts every file.'),
      logN: withDefault(count('Logarithm of scrypt’s work factor N.', 14, 18), 17),
    },
    async ({ directory, passphrase, logN }, context) =>
      fileKeyStore({ directory: locate(directory, context), passphrase: () => context.secret(passphrase), logN }),
  ),
  proxyState: offer(
    'A proxy’s state in a file, saved whole.',
    { path: path('The file: one for each proxy.'), create },
    async ({ path: file, create: mayCreate }, context) =>
      fileProxyState(mayCreate ? await inFolder(file, context) : locate(file, context)),
  ),
  viewStore: offer(
    'A verified log in a SQLite file.',
    { path: path('The file; its folder is made when it is not there.') },
    async ({ path: file }, context) => sqliteViewStore(await inFolder(file, context)),
  ),
};

function locate(file: string, { base = '' }: OpenContext): string {
  return resolve(base, file);
}

/** The file's path, in a folder that exists. */
async function inFolder(file: string, context: OpenContext): Promise<string> {
  const located = locate(file, context);
  await mkdir(dirname(located), { recursive: true, mode: FOLDER_MODE });
  return located;
}
