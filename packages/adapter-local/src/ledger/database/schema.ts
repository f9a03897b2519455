/** `medS`: marks the file as a ledger (PRAGMA application_id). */
export const APPLICATION_ID = 0x6d656453;
/** Version of these tables (PRAGMA user_version). */
export const SCHEMA_VERSION = 1;

/**
 * One row a table for genesis and head. `entries` holds canonical entry bytes, which are the leaves of the tree, each with
 * the hashes of the subtrees that it completes; `ids` where each command stands first; `state` the objects that rules
 * read. The `rest` of these two is a checksum, the key of the row behind, and the value.
 */
export const TABLES: readonly string[] = [
  'CREATE TABLE genesis (one INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT',
  'CREATE TABLE head (one INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT',
  'CREATE TABLE entries (seq INTEGER PRIMARY KEY, hashes BLOB NOT NULL, entry BLOB NOT NULL) STRICT',
  'CREATE TABLE cosigned (size INTEGER PRIMARY KEY, note TEXT NOT NULL, sum BLOB NOT NULL) STRICT',
  ...['ids', 'state'].map(
    (name) => `CREATE TABLE ${name} (key BLOB PRIMARY KEY, rest BLOB NOT NULL) STRICT, WITHOUT ROWID`,
  ),
];
