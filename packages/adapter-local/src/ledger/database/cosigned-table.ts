import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LedgerCorruptError } from '../errors.ts';
import { checksum } from './checksum.ts';

/** How many checkpoints are kept with their cosignatures. */
const KEPT = 64;

/** Checkpoints that witnesses have cosigned, by the size of the log; the last few. */
export class CosignedTable {
  readonly #find: StatementSync;
  readonly #last: StatementSync;
  readonly #all: StatementSync;
  readonly #put: StatementSync;
  readonly #prune: StatementSync;

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT size, note, sum FROM cosigned WHERE size = ?');
    this.#last = database.prepare('SELECT size, note, sum FROM cosigned ORDER BY size DESC LIMIT 1');
    this.#all = database.prepare('SELECT size, note, sum FROM cosigned ORDER BY size');
    this.#put = database.prepare('INSERT OR REPLACE INTO cosigned (size, note, sum) VALUES (?, ?, ?)');
    this.#prune = database.prepare(
      `DELETE FROM cosigned WHERE size NOT IN (SELECT size FROM cosigned ORDER BY size DESC LIMIT ${KEPT})`,
    );
  }

  get(size: number): string | undefined {
    const row = this.#find.get(size);
    return row && checked(row);
  }

  last(): string | undefined {
    const row = this.#last.get();
    return row && checked(row);
  }

  all(): readonly string[] {
    return this.#all.all().map(checked);
  }

  put(size: number, note: string): void {
    this.#put.run(size, note, sumOf(size, note));
    this.#prune.run();
  }
}

function checked({ size, note, sum }: Record<string, unknown>): string {
  const whole = typeof size === 'number' && typeof note === 'string' && sum instanceof Uint8Array;
  if (whole && Buffer.compare(sum, sumOf(size, note)) === 0) return note;
  throw new LedgerCorruptError('a cosigned checkpoint is not what was written');
}

function sumOf(size: number, note: string): Uint8Array {
  return checksum(Buffer.from(`${size}\n${note}`));
}
