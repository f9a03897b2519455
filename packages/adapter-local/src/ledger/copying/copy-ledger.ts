import { existsSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { LAST } from '../database/block.ts';
import { openLedgerFile } from '../database/ledger-file.ts';
import { newDatabase } from '../database/new-database.ts';
import { openDatabase } from '../database/open-database.ts';
import { TABLES } from '../database/schema.ts';
import { asLedgerError } from '../database/sqlite-errors.ts';
import { syncLog } from '../database/sync-log.ts';
import { LedgerPathError } from '../errors.ts';

export interface CopyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told which part of the copy is done, from 0 to 1. */
  readonly onProgress?: ((part: number) => void) | undefined;
}

/** Rows that are copied in one turn of the event loop. */
const ROWS = 4_096;
/** Parts in which a table of blocks is copied. */
const PARTS = 256;

/**
 * Copies one state of a ledger file into a new file, while its writer goes on. The copy is durable and its head is
 * checked when this resolves, with the number of its entries; aborted or failed, it is gone.
 *
 * @throws WrongLedgerError when it is no ledger, or one of another version.
 */
export async function copyLedger(from: string, to: string, { signal, onProgress }: CopyOptions = {}): Promise<number> {
  signal?.throwIfAborted();
  if (!existsSync(from)) throw new LedgerPathError('LEDGER_ABSENT', from);
  openDatabase(from, { readOnly: true }).close();
  const copy = newDatabase(to);
  try {
    copy.prepare('ATTACH ? AS source').run(`${pathToFileURL(from).href}?mode=ro`);
    copy.exec('PRAGMA main.journal_mode=OFF; BEGIN');
    for (const table of TABLES) copy.exec(table);
    const parts = [...copyParts(copy)];
    for (const [done, part] of parts.entries()) {
      copy.exec(part);
      onProgress?.((done + 1) / parts.length);
      await setImmediate();
      signal?.throwIfAborted();
    }
    copy.exec('COMMIT');
    // No copy outlives a commit that it holds.
    syncLog(from);
    const entries = checkCopy(to);
    copy.close();
    return entries;
  } catch (error) {
    copy.close();
    rmSync(to, { force: true });
    throw asLedgerError(error);
  }
}

function checkCopy(path: string): number {
  const { database, tables, openCheckpoint } = openLedgerFile(path, { readOnly: true });
  try {
    return openCheckpoint(tables.commits.note()).size;
  } finally {
    database.close();
  }
}

/** Statements that together copy everything. The first read holds the state of the source for all of them. */
function* copyParts(copy: DatabaseSync): Generator<string> {
  for (const table of ['genesis', 'commits', 'cosigned'])
    yield `INSERT INTO main.${table} SELECT * FROM source.${table}`;
  const last = Number(copy.prepare('SELECT max(seq) AS last FROM source.entries').get()?.['last'] ?? -1);
  for (let start = 0; start <= last; start += ROWS)
    yield `INSERT INTO main.entries SELECT * FROM source.entries WHERE seq >= ${start} AND seq < ${start + ROWS} ORDER BY seq`;
  for (const table of ['ids', 'state'])
    for (let part = 0; part < PARTS; part++) {
      const [low, high] = [part, part + 1].map((place) => (place * (LAST + 1)) / PARTS);
      yield `INSERT INTO main.${table} SELECT * FROM source.${table} WHERE low >= ${low} AND low < ${high} ORDER BY low`;
    }
}
