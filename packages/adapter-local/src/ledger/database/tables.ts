import type { DatabaseSync } from 'node:sqlite';
import { BlockTable } from './block-table.ts';
import { CommitTable } from './commit-table.ts';
import { CosignedTable } from './cosigned-table.ts';
import { EntryTable } from './entry-table.ts';
import { HashTable } from './hash-table.ts';
import { SEQ } from './seq-bytes.ts';

/** Bytes of a state object, as every ledger stores it. */
export const WORD = 32;

/** The tables of one open ledger file. */
export interface Tables {
  readonly entries: EntryTable;
  readonly hashes: HashTable;
  readonly ids: BlockTable;
  readonly state: BlockTable;
  readonly commits: CommitTable;
  readonly cosigned: CosignedTable;
}

export function tablesOf(database: DatabaseSync): Tables {
  return {
    entries: new EntryTable(database),
    hashes: new HashTable(database),
    ids: new BlockTable(database, 'ids', SEQ),
    state: new BlockTable(database, 'state', WORD),
    commits: new CommitTable(database),
    cosigned: new CosignedTable(database),
  };
}
