import type { DatabaseSync } from 'node:sqlite';
import { ChainedTable } from './chained-table.ts';
import { CosignedTable } from './cosigned-table.ts';
import { EntryTable } from './entry-table.ts';
import { HashTable } from './hash-table.ts';
import { HeadTable } from './head-table.ts';

/** The tables of one open ledger file. */
export interface Tables {
  readonly entries: EntryTable;
  readonly hashes: HashTable;
  readonly ids: ChainedTable;
  readonly state: ChainedTable;
  readonly head: HeadTable;
  readonly cosigned: CosignedTable;
}

export function tablesOf(database: DatabaseSync): Tables {
  return {
    entries: new EntryTable(database),
    hashes: new HashTable(database),
    ids: new ChainedTable(database, 'ids'),
    state: new ChainedTable(database, 'state'),
    head: new HeadTable(database),
    cosigned: new CosignedTable(database),
  };
}
