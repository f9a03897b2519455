import { type TilePublisher, tilePublisher } from '../../tiles/tile-publisher.ts';
import type { TileSource } from '../../tiles/tile-source.ts';
import type { LedgerFile } from '../database/ledger-file.ts';
import type { PublishTilesOptions } from '../options.ts';
import type { LogReader } from './log-reader.ts';

/** Publishes what is committed and not published yet, and then whatever it is told of. */
export function publishLog(
  { file, reader }: { readonly file: LedgerFile; readonly reader: LogReader },
  { directory, delay, onError = warn }: PublishTilesOptions,
): TilePublisher {
  const { hashes, entries } = file.tables;
  const source = (): TileSource => {
    const { size, note } = reader.checkpoint();
    const { genesisText: genesis } = file;
    return { size, checkpoint: note, genesis, hash: hashes.get, entries: (from, to) => entries.range(from, to) };
  };
  const publisher = tilePublisher({ directory, delay, onError, source });
  publisher.changed();
  return publisher;
}

function warn(error: unknown): void {
  process.emitWarning('The log was not published', { code: 'MEDSEAL_PUBLISH', detail: String(error) });
}
