import { existsSync, rmSync } from 'node:fs';
import { LedgerUnavailableError } from '@medseal/core/adapter';
import { emptyRoot } from '@medseal/core/tlog';
import { checkAuthority, type Genesis, localDomain, PROTOCOL_VERSION, toHex } from '@medseal/protocol';
import { Closers } from '../database/closers.ts';
import { originOf, writeGenesis } from '../database/genesis-row.ts';
import { highWaterPath } from '../database/high-water.ts';
import { putInPlace } from '../database/put-in-place.ts';
import { resolvePath } from '../database/resolve-path.ts';
import { withNewDatabase } from '../database/new-database.ts';
import { TABLES } from '../database/schema.ts';
import { tablesOf } from '../database/tables.ts';
import { lockWriter } from '../database/writer-lock.ts';
import { LedgerPathError } from '../errors.ts';
import { encodeChanges, noChanges } from '../tail/commit-changes.ts';
import type { CheckpointKeySource, CreateLedgerOptions } from '../options.ts';
import { checkpointKey } from './checkpoint-key.ts';
import { keyPath, readKeyFile, writeKeyFile } from './key-file.ts';

/**
 * Makes a new ledger, whole or not at all: its file, and the key of its checkpoints unless one is given.
 *
 * @throws LedgerPathError (LEDGER_EXISTS) when there is a file already, RangeError when the authority is not well-formed.
 */
export async function createLedger(options: CreateLedgerOptions): Promise<Genesis> {
  checkAuthority(options.authority);
  const path = resolvePath(options.path);
  await using held = new Closers();
  held.use(lockWriter(path));
  return await createLocked({ ...options, path });
}

/** {@link createLedger} by who holds the lock. */
export async function createLocked(options: CreateLedgerOptions): Promise<Genesis> {
  const { path, authority, key, salt = toHex(crypto.getRandomValues(new Uint8Array(32))) } = options;
  if (existsSync(path)) throw new LedgerPathError('LEDGER_EXISTS', path);
  const domain = localDomain({ salt, authority });
  const secret = await newSecret(path, key);
  const { verifierKey, sign } = checkpointKey(originOf(domain), secret);
  const partial = `${path}-new`;
  withNewDatabase(partial, (database) => {
    database.exec('BEGIN');
    for (const table of TABLES) database.exec(table);
    writeGenesis(database, { salt, authority, verifierKey });
    const tables = tablesOf(database);
    tables.ids.begin();
    tables.state.begin();
    const note = sign({ origin: originOf(domain), size: 0, root: emptyRoot });
    tables.commits.put({ size: 0, note, changes: encodeChanges(0, noChanges) });
    database.exec('COMMIT');
  });
  publish(partial, path);
  return { protocolVersion: PROTOCOL_VERSION, domain, authority };
}

function publish(partial: string, path: string): void {
  try {
    rmSync(highWaterPath(path), { force: true });
    putInPlace(partial, path);
  } catch (error) {
    throw new LedgerUnavailableError('The file of the ledger can not be made', { cause: error });
  }
}

/** A key file that is there already was made by a creation that did not come to its end: it is used. */
async function newSecret(path: string, source: CheckpointKeySource | undefined): Promise<Uint8Array> {
  if (source !== undefined && 'secret' in source) return source.secret();
  const file = source?.file ?? keyPath(path);
  if (existsSync(file)) return readKeyFile(file);
  const secret = crypto.getRandomValues(new Uint8Array(32));
  writeKeyFile(file, secret);
  return secret;
}
