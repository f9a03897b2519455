/** `medS`: marks the file as a ledger (PRAGMA application_id). */
export const APPLICATION_ID = 0x6d656453;
/** Version of these tables (PRAGMA user_version). */
export const SCHEMA_VERSION = 1;

/**
 * One row a table for genesis and head. `entries` holds canonical entry bytes, which are the leaves of the tree; `hashes`
 * the hash of every complete subtree; `ids` where each command stands first; `state` the objects that rules read.
 */
export const TABLES: readonly string[] = [
  'CREATE TABLE genesis (one INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT',
  'CREATE TABLE head (one INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT',
  'CREATE TABLE entries (seq INTEGER PRIMARY KEY, entry BLOB NOT NULL) STRICT',
  'CREATE TABLE hashes (place INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT',
  'CREATE TABLE cosigned (size INTEGER PRIMARY KEY, note TEXT NOT NULL, sum BLOB NOT NULL) STRICT',
  ...['ids', 'state'].map(
    (name) =>
      `CREATE TABLE ${name} (key BLOB PRIMARY KEY, value BLOB NOT NULL, next BLOB NOT NULL, sum BLOB NOT NULL) STRICT, WITHOUT ROWID`,
  ),
];
