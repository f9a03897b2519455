/** `medS`: marks the file as a ledger (PRAGMA application_id). */
export const APPLICATION_ID = 0x6d656453;
/** Version of these tables (PRAGMA user_version). */
export const SCHEMA_VERSION = 2;

/**
 * `entries` holds canonical entry bytes, which are the leaves of the tree, each with the hashes of the subtrees that it
 * completes. `commits` holds the signed checkpoints and what their batches changed; `ids`, where each command stands
 * first, and `state`, the objects that rules read, follow behind them (see `BlockTable`).
 */
export const TABLES: readonly string[] = [
  'CREATE TABLE genesis (one INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT',
  'CREATE TABLE entries (seq INTEGER PRIMARY KEY, hashes BLOB NOT NULL, entry BLOB NOT NULL) STRICT',
  'CREATE TABLE commits (size INTEGER PRIMARY KEY, note TEXT NOT NULL, changes BLOB NOT NULL) STRICT',
  'CREATE TABLE cosigned (size INTEGER PRIMARY KEY, note TEXT NOT NULL, sum BLOB NOT NULL) STRICT',
  'CREATE TABLE ids (low INTEGER PRIMARY KEY, rest BLOB NOT NULL) STRICT',
  'CREATE TABLE state (low INTEGER PRIMARY KEY, rest BLOB NOT NULL) STRICT',
];
