import { rename } from 'node:fs/promises';
import type { ViewStore } from '@medseal/core/adapter';
import { unlessMissing } from '../files/io.ts';
import { writing } from '../sqlite/own-file.ts';
import { viewFile } from './view-file.ts';

/** Entries that one query reads. */
const AT_ONCE = 1000;

/**
 * A view's entries in a SQLite file of Node's own: WAL, each `append` one transaction that is on the disk when it
 * resolves. The file is made when it is first used; its folder must exist. Only the reader may be able to write to it:
 * give the view a `storeKey` where that is not certain. Another process that has the file is waited for, 5 seconds at most,
 * while this one goes on.
 *
 * A file that SQLite cannot read is damaged; `clear` then moves it aside, to `<path>.damaged`.
 */
export function sqliteViewStore(path: string): ViewStore {
  const file = viewFile(path);
  return {
    async checkpoint({ signal } = {}) {
      signal?.throwIfAborted();
      return file.run((opened) => bytesOf(opened.prepare('SELECT bytes FROM checkpoint').get()), signal);
    },
    async *load({ signal } = {}) {
      for (let next = 0; ; next += AT_ONCE) {
        signal?.throwIfAborted();
        const found = await file.run(
          (opened) =>
            opened
              .prepare('SELECT bytes FROM entry WHERE position >= ? AND position < ? ORDER BY position')
              .all(next, next + AT_ONCE)
              .map(bytesOf),
          signal,
        );
        for (const bytes of found) {
          signal?.throwIfAborted();
          if (bytes !== undefined) yield bytes;
        }
        if (found.length < AT_ONCE) return;
      }
    },
    append: (at, entries, checkpoint) =>
      file.write((opened) =>
        writing(opened, () => {
          const last = opened.prepare('SELECT max(position) AS position FROM entry').get()?.['position'] ?? -1;
          if (Number(last) + 1 !== at) return false;
          const insert = opened.prepare('INSERT INTO entry (position, bytes) VALUES (?, ?)');
          entries.forEach((entry, index) => insert.run(at + index, entry));
          opened.prepare('INSERT OR REPLACE INTO checkpoint (id, bytes) VALUES (1, ?)').run(checkpoint);
          return true;
        }),
      ),
    async clear() {
      try {
        await file.write((opened) => writing(opened, () => opened.exec('DELETE FROM entry; DELETE FROM checkpoint')));
      } catch (error) {
        if (!isDamage(error)) throw error;
        file.close();
        for (const part of ['', '-wal', '-shm']) await unlessMissing(rename(path + part, `${path}.damaged${part}`));
      }
    },
    async [Symbol.asyncDispose]() {
      file.end();
    },
  };
}

function bytesOf(row: Readonly<Record<string, unknown>> | undefined): Uint8Array | undefined {
  const bytes = row?.['bytes'];
  return bytes instanceof Uint8Array ? bytes : undefined;
}

function isDamage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'VIEW_STORE_DAMAGED';
}
