import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailableError, unlessAborted } from '@medseal/core/adapter';
import { fromSqlite } from '../sqlite/own-file.ts';
import { isBusy, openViewDatabase, viewFault } from './view-database.ts';

/** Milliseconds to wait for another process that has the file, and between two looks at it. */
const PATIENCE = 5000;
const PAUSE = 10;

/** The file of a view store, opened when it is first used. Other processes may have it at times: that is waited for. */
export interface ViewFile {
  run<T>(use: (opened: DatabaseSync) => T, signal?: AbortSignal): Promise<T>;
  /** One after the other: a later append would not find what an earlier one brings. */
  write<T>(use: (opened: DatabaseSync) => T): Promise<T>;
  /** Until the next use. */
  close(): void;
  /** For good: whoever waits is told. */
  end(): void;
}

export function viewFile(path: string): ViewFile {
  let database: DatabaseSync | undefined;
  let ended = false;
  let writing: Promise<void> | undefined;

  async function run<T>(use: (opened: DatabaseSync) => T, signal?: AbortSignal): Promise<T> {
    const latest = performance.now() + PATIENCE;
    for (;;) {
      if (ended) throw new StoreUnavailableError('The view store was closed');
      try {
        return fromSqlite(() => use((database ??= openViewDatabase(path))), viewFault);
      } catch (error) {
        if (!isBusy(error) || performance.now() > latest) throw error;
      }
      await unlessAborted(sleep(PAUSE), signal);
    }
  }

  function write<T>(use: (opened: DatabaseSync) => T): Promise<T> {
    const written = writing === undefined ? run(use) : writing.then(() => run(use));
    const settle = (): void => {
      if (writing === last) writing = undefined;
    };
    const last = written.then(settle, settle);
    writing = last;
    return written;
  }

  const close = (): void => {
    database?.close();
    database = undefined;
  };
  return {
    run,
    write,
    close,
    end: () => {
      ended = true;
      close();
    },
  };
}
