import { publishTiles } from './publish-tiles.ts';
import type { TileSource } from './tile-source.ts';

export interface TilePublisherOptions {
  /** Folder of the published log; made when it is not there. */
  readonly directory: string;
  /** The committed state of the log at the moment. */
  readonly source: () => TileSource;
  /** Is told when publishing failed. The next change tries again. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds to wait after a change, so that several are published at once; 200 by default. */
  readonly delay?: number | undefined;
}

/** Keeps a published log up to date. Disposal publishes what is not published yet. */
export interface TilePublisher extends AsyncDisposable {
  /** After each commit. Returns at once, and never throws. */
  changed(): void;
  /** Publishes now. @throws as `publishTiles`. */
  flush(): Promise<void>;
}

/** Publishes a log after its changes, never twice at a time. */
export function tilePublisher({ directory, source, onError, delay = 200 }: TilePublisherOptions): TilePublisher {
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const published = last.then(() => publishTiles(directory, source()));
    last = published.catch(() => {});
    return published;
  };
  return {
    changed: () => {
      timer ??= setTimeout(() => void flush().catch(onError), delay);
    },
    flush,
    async [Symbol.asyncDispose]() {
      if (timer === undefined) await last;
      else await flush().catch(onError);
    },
  };
}
