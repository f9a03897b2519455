import {
  type Checkpoint,
  leafHash,
  type NoteVerifier,
  openCheckpoint,
  requireWitnesses,
  requireWitnessPolicy,
  TILE_WIDTH,
  treeRoot,
  UnverifiedLogError,
  type WitnessVerifier,
} from '@medseal/core/tlog';
import { TileFolder } from './tile-folder.ts';
import { hashReader, readBundle, readTileHashes, rootOfComplete, type TileHashes } from './tile-reader.ts';

export interface ReadTilesOptions {
  /** Keys of the log. */
  readonly verifiers: readonly NoteVerifier[];
  readonly witnesses?: readonly WitnessVerifier[] | undefined;
  /** How many of the witnesses must have cosigned; 0 by default. */
  readonly quorum?: number | undefined;
  /** Heard between two files. */
  readonly signal?: AbortSignal | undefined;
}

/** A published log whose checkpoint and hashes were verified. */
export interface PublishedLog {
  readonly checkpoint: Checkpoint;
  /** The signed checkpoint as it was published. */
  readonly note: string;
  /**
   * Canonical bytes of all entries, for `decodeEntry`; each verified before it is given.
   *
   * @throws UnverifiedLogError with `root` for an altered entry, `file` for a missing bundle; MalformedObjectError.
   */
  entries(): AsyncGenerator<Uint8Array>;
}

/**
 * Opens a published log: the signature of the checkpoint, that all tiles of hashes hold what lies below them, and that
 * they lead to the root. Needs about 32 bytes of memory for each 256 entries.
 *
 * @throws RangeError for a quorum that the witnesses can not reach; MalformedObjectError; UnverifiedLogError naming what
 *   does not hold; StoreUnavailableError when the file system refuses; the reason of the signal.
 */
export async function readTiles(
  directory: string,
  { verifiers, witnesses = [], quorum = 0, signal }: ReadTilesOptions,
): Promise<PublishedLog> {
  const policy = { witnesses, quorum };
  requireWitnessPolicy(policy);
  const folder = new TileFolder(directory, signal);
  const bytes = await folder.read('checkpoint');
  if (bytes === undefined) throw new UnverifiedLogError('file');
  // What is not UTF-8 becomes other text, which was not signed.
  const note = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const checkpoint = openCheckpoint(note, verifiers);
  requireWitnesses(note, policy);
  const hashes = await readTileHashes(folder, checkpoint.size);
  if (!equal(treeRoot(checkpoint.size, hashReader(hashes)), checkpoint.root)) throw new UnverifiedLogError('root');
  return { checkpoint, note, entries: () => verifiedEntries(folder, checkpoint.size, hashes) };
}

async function* verifiedEntries(folder: TileFolder, size: number, hashes: TileHashes): AsyncGenerator<Uint8Array> {
  for (let index = 0; index * TILE_WIDTH < size; index++) {
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
    const entries = await readBundle(folder, index, width);
    const leaves = entries.map(leafHash);
    const asSigned =
      width === TILE_WIDTH
        ? equal(rootOfComplete(leaves), hashes.levels[0]?.[index])
        : leaves.every((leaf, i) => equal(leaf, hashes.lastLeaves[i]));
    if (!asSigned) throw new UnverifiedLogError('root');
    yield* entries;
  }
}

function equal(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}
