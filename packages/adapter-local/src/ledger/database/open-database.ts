import { DatabaseSync } from 'node:sqlite';
import { WrongLedgerError } from '@medseal/core/adapter';
import { LedgerCorruptError } from '../errors.ts';
import { APPLICATION_ID, SCHEMA_VERSION, TABLES } from './schema.ts';
import { guarded } from './sqlite-errors.ts';
import { syncLog } from './sync-log.ts';

/** Milliseconds for which SQLite waits where another connection holds a lock for a moment. */
const BUSY_TIMEOUT = 5_000;
/** KiB of pages that one connection keeps. */
const CACHE = 16_384;

/** What makes a commit durable: nothing is acknowledged that a power cut could take back. */
const DURABLE = ['journal_mode=WAL', 'synchronous=FULL', 'fullfsync=ON', 'checkpoint_fullfsync=ON'];
/**
 * Pages in the write-ahead log from which on SQLite carries them over to the file. Twice its default: a page that several
 * commits change is then written there less often. Some 16 MiB to be read after a crash; more when a long reading
 * transaction, as of a backup, held it up.
 */
const CHECKPOINT_PAGES = 2_000;

/**
 * Opens an existing ledger file, and checks that it is one.
 *
 * @throws WrongLedgerError, LedgerCorruptError, LedgerUnavailableError
 */
export function openDatabase(path: string, { readOnly }: { readonly readOnly: boolean }): DatabaseSync {
  return guarded(() => {
    const database = new DatabaseSync(path, { readOnly });
    try {
      database.exec(`PRAGMA busy_timeout=${BUSY_TIMEOUT}; PRAGMA cache_size=-${CACHE}`);
      database.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON');
      checkSchema(database);
      if (!readOnly) {
        makeDurable(database);
        // A writer that was killed may have left a whole commit that no sync has met, and SQLite takes it in as it is.
        syncLog(path);
      }
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** Sets journal and fsync as a writer needs them. */
function makeDurable(database: DatabaseSync): void {
  for (const pragma of DURABLE) database.prepare(`PRAGMA ${pragma}`).get();
  database.prepare(`PRAGMA wal_autocheckpoint=${CHECKPOINT_PAGES}`).get();
  if (pragmaOf(database, 'journal_mode') !== 'wal')
    throw new LedgerCorruptError('the file can not be kept in WAL mode');
}

function checkSchema(database: DatabaseSync): void {
  if (pragmaOf(database, 'application_id') !== APPLICATION_ID)
    throw new WrongLedgerError('The file is no ledger of medseal');
  const version = pragmaOf(database, 'user_version');
  if (version !== SCHEMA_VERSION)
    throw new WrongLedgerError(
      `The file of the ledger has version ${String(version)}; this program knows ${SCHEMA_VERSION}`,
    );
  const stored = database.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL').all();
  const texts = stored.map(({ sql }) => String(sql)).toSorted();
  const expected = TABLES.toSorted();
  if (texts.length !== expected.length || texts.some((text, i) => text !== expected[i]))
    throw new LedgerCorruptError('its tables are not those of a ledger');
}

function pragmaOf(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}
