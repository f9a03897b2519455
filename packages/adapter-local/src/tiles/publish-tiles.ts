import { LedgerRewrittenError } from '@medseal/core/adapter';
import {
  bundlePath,
  type Checkpoint,
  encodeBundle,
  leafHash,
  MalformedObjectError,
  TILE_WIDTH,
  tilePath,
  treeRoot,
  unverifiedCheckpoint,
  UnverifiedLogError,
} from '@medseal/core/tlog';
import { TileFolder } from './tile-folder.ts';
import type { TileSource } from './tile-source.ts';

export interface PublishOptions {
  /** Write all tiles anew, not only those that were added since the published checkpoint. */
  readonly whole?: boolean | undefined;
}

const CHECKPOINT = 'checkpoint';
export const GENESIS = 'genesis';

/**
 * Publishes a log as static files (C2SP tlog-tiles): `checkpoint`, `tile/<level>/<index>`, `tile/entries/<index>`; and
 * `genesis`, where the source has one.
 * Repeating it changes nothing. Each file appears whole, the checkpoint last: who reads it finds the tiles that it calls
 * for. Partial tiles go when the full one is there.
 *
 * @throws UnverifiedLogError when entries or hashes do not lead to the checkpoint: then it is not published.
 * @throws LedgerRewrittenError when the folder holds another log, or a later state of this one.
 * @throws StoreUnavailableError when the file system refuses.
 */
export async function publishTiles(
  directory: string,
  source: TileSource,
  { whole = false }: PublishOptions = {},
): Promise<void> {
  const checkpoint = checkSource(source);
  const folder = new TileFolder(directory);
  await folder.sweep();
  const bytes = await folder.read(CHECKPOINT);
  const published = bytes && publishedCheckpoint(bytes);
  if (published !== undefined) requireContinuation(published.checkpoint, checkpoint, source);
  if (source.genesis !== undefined) await writeGenesis(folder, source.genesis);
  if (published?.note === source.checkpoint && !whole) return;
  const from = whole ? 0 : (published?.checkpoint.size ?? 0);
  if (from < source.size) await writeTiles(folder, source, from);
  await folder.write(CHECKPOINT, new TextEncoder().encode(source.checkpoint));
}

function checkSource({ size, checkpoint: note, hash }: TileSource): Checkpoint {
  const checkpoint = unverifiedCheckpoint(note);
  if (checkpoint.size !== size || !equal(checkpoint.root, treeRoot(size, hash))) throw new UnverifiedLogError('root');
  return checkpoint;
}

/** `undefined` for what is no checkpoint: the log is published anew. */
function publishedCheckpoint(bytes: Uint8Array): { note: string; checkpoint: Checkpoint } | undefined {
  const note = new TextDecoder().decode(bytes);
  try {
    return { note, checkpoint: unverifiedCheckpoint(note) };
  } catch (error) {
    if (error instanceof MalformedObjectError) return undefined;
    throw error;
  }
}

function requireContinuation(old: Checkpoint, { origin, size }: Checkpoint, { hash }: TileSource): void {
  if (old.origin !== origin) throw new LedgerRewrittenError('The folder holds the tiles of another log');
  if (old.size > size) throw new LedgerRewrittenError('The published log has entries that the ledger has not');
  if (!equal(treeRoot(old.size, hash), old.root))
    throw new LedgerRewrittenError('The published log has other entries than the ledger');
}

async function writeGenesis(folder: TileFolder, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  if (!equal(bytes, await folder.read(GENESIS))) await folder.write(GENESIS, bytes);
}

async function writeTiles(folder: TileFolder, source: TileSource, from: number): Promise<void> {
  for (const { index, start, end } of tilesBetween(from, source.size)) {
    const entries = source.entries(start, end);
    const leaves = hashesOf(source, { level: 0, start, end });
    if (entries.length !== leaves.length || entries.some((entry, i) => !equal(leafHash(entry), leaves[i])))
      throw new UnverifiedLogError('root');
    await folder.write(bundlePath(index, end - start), encodeBundle(entries));
    await folder.write(tilePath(0, index, end - start), Buffer.concat(leaves));
    if (end - start === TILE_WIDTH) {
      await folder.remove(`${bundlePath(index)}.p`);
      await folder.remove(`${tilePath(0, index)}.p`);
    }
  }
  for (let level = 1, scale = TILE_WIDTH; scale <= source.size; level++, scale *= TILE_WIDTH)
    for (const { index, start, end } of tilesBetween(Math.floor(from / scale), Math.floor(source.size / scale))) {
      await folder.write(tilePath(level, index, end - start), Buffer.concat(hashesOf(source, { level, start, end })));
      if (end - start === TILE_WIDTH) await folder.remove(`${tilePath(level, index)}.p`);
    }
}

interface TileRange {
  readonly index: number;
  /** First of the hashes of the tile. */
  readonly start: number;
  /** Behind the last. */
  readonly end: number;
}

/** Tiles of one level that `to` hashes have and `from` hashes had not. */
function* tilesBetween(from: number, to: number): Generator<TileRange> {
  if (from === to) return;
  for (let start = from - (from % TILE_WIDTH); start < to; start += TILE_WIDTH)
    yield { index: start / TILE_WIDTH, start, end: Math.min(start + TILE_WIDTH, to) };
}

/** A level of tiles is eight levels of the tree. */
function hashesOf(
  { hash }: TileSource,
  { level, start, end }: Omit<TileRange, 'index'> & { level: number },
): Uint8Array[] {
  return Array.from({ length: end - start }, (_, i) => hash(level * 8, start + i));
}

function equal(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}
