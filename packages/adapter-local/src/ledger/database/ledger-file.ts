import type { DatabaseSync } from 'node:sqlite';
import { WrongLedgerError } from '@medseal/core/adapter';
import { treeRoot } from '@medseal/core/tlog';
import type { Domain, Genesis } from '@medseal/protocol';
import { LedgerCorruptError } from '../errors.ts';
import type { Head } from '../reading/head.ts';
import { checkpointReader } from './checkpoint.ts';
import { readGenesis } from './genesis-row.ts';
import { type HighWater, readHighWater } from './high-water.ts';
import { openDatabase } from './open-database.ts';
import { guarded } from './sqlite-errors.ts';
import { type Tables, tablesOf } from './tables.ts';
import { Tail } from '../tail/tail.ts';

/** An open ledger file. */
export interface LedgerFile {
  readonly path: string;
  readonly database: DatabaseSync;
  readonly tables: Tables;
  readonly tail: Tail;
  readonly genesis: Genesis;
  /** Genesis, salt and verifier key, as they are published beside the log. */
  readonly genesisText: string;
  /** First line of its checkpoints: the name of the log. */
  readonly origin: string;
  /** Verifier key of its checkpoints (C2SP signed-note). */
  readonly verifierKey: string;
  /** @throws LedgerCorruptError unless the note is a checkpoint of this log with its signature. */
  readonly openCheckpoint: (note: string) => Head;
}

export interface OpenFileOptions {
  readonly readOnly: boolean;
  /** The domain that the ledger must have. */
  readonly domain?: Domain | undefined;
}

/**
 * Opens a ledger file: what it is, its genesis, the signature of its checkpoint, the right edge of its tree, and that
 * it has not lost its end.
 *
 * @throws WrongLedgerError, LedgerCorruptError, LedgerUnavailableError
 */
export function openLedgerFile(path: string, { readOnly, domain }: OpenFileOptions): LedgerFile {
  // Before the file itself: its writer may go on in between.
  const mark = readHighWater(path);
  const database = openDatabase(path, { readOnly });
  try {
    return guarded(() => {
      const tables = tablesOf(database);
      const { genesis, text: genesisText, origin, verifierKey } = readGenesis(database);
      if (domain !== undefined && domain !== genesis.domain)
        throw new WrongLedgerError('The file holds a ledger of another domain');
      const file = {
        path,
        database,
        tables,
        tail: new Tail(tables),
        genesis,
        genesisText,
        origin,
        verifierKey,
        openCheckpoint: checkpointReader(origin, verifierKey),
      };
      checkHead(file, mark);
      return file;
    });
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @throws LedgerCorruptError when the tree does not lead to the signed root, or acknowledged entries are gone. */
export function checkHead({ tables, openCheckpoint }: LedgerFile, mark: HighWater | undefined): Head {
  const head = openCheckpoint(tables.commits.note());
  if (!equal(treeRoot(head.size, tables.hashes.get), head.root))
    throw new LedgerCorruptError('the hashes of the tree do not lead to its signed root');
  if (mark === undefined) return head;
  if (mark.size > head.size)
    throw new LedgerCorruptError(`${mark.size} entries were committed, and only ${head.size} are left`);
  if (!equal(treeRoot(mark.size, tables.hashes.get), mark.root))
    throw new LedgerCorruptError('the log is another than the one that was written here');
  return head;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
