import {
  bundlePath,
  type HashReader,
  nodeHash,
  parseBundle,
  TILE_WIDTH,
  tilePath,
  UnverifiedLogError,
} from '@medseal/core/tlog';
import type { TileFolder } from './tile-folder.ts';

const HASH_BYTES = 32;
const LEVELS_OF_A_TILE = 8;

/** Hashes of a published log in memory: all above the level of leaves, and the leaves of the last, partial tile. */
export interface TileHashes {
  /** By level of tiles, all from 1 on; each as many as the size of the log gives. */
  readonly levels: readonly (readonly Uint8Array[])[];
  readonly lastLeaves: readonly Uint8Array[];
}

/**
 * Reads all tiles of hashes, and computes each hash above the leaves from the tile below it.
 *
 * @throws UnverifiedLogError with `file` for a missing or cut tile, `root` for one that does not hold what lies below it.
 */
export async function readTileHashes(folder: TileFolder, size: number): Promise<TileHashes> {
  const leaves = await readLevel(folder, 0, size);
  const levels = [leaves.complete];
  for (let below = leaves.complete; below.length > 0;) {
    const { complete } = await readLevel(folder, levels.length, below.length, below);
    levels.push(complete);
    below = complete;
  }
  return { levels, lastLeaves: leaves.rest };
}

interface TileLevel {
  /** Roots of the full tiles: the hashes of the level above. */
  readonly complete: readonly Uint8Array[];
  readonly rest: readonly Uint8Array[];
}

async function readLevel(
  folder: TileFolder,
  level: number,
  count: number,
  expected?: readonly Uint8Array[],
): Promise<TileLevel> {
  const complete: Uint8Array[] = [];
  let rest: readonly Uint8Array[] = [];
  for (let start = 0; start < count; start += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, count - start);
    const tile = await readTile(folder, { level, index: start / TILE_WIDTH, width });
    if (expected !== undefined && !tile.every((hash, i) => equal(hash, expected[start + i])))
      throw new UnverifiedLogError('root');
    if (width === TILE_WIDTH) complete.push(rootOfComplete(tile));
    else rest = tile;
  }
  return { complete, rest };
}

async function readTile(
  folder: TileFolder,
  { level, index, width }: { readonly level: number; readonly index: number; readonly width: number },
): Promise<readonly Uint8Array[]> {
  const { bytes, count } = await readFirst(folder, width, (of) => tilePath(level, index, of));
  if (bytes.length !== count * HASH_BYTES) throw new UnverifiedLogError('file');
  return Array.from({ length: width }, (_, i) => bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}

/** The first `width` entries of a bundle. @throws UnverifiedLogError when it is missing, MalformedObjectError. */
export async function readBundle(folder: TileFolder, index: number, width: number): Promise<readonly Uint8Array[]> {
  const { bytes, count } = await readFirst(folder, width, (of) => bundlePath(index, of));
  return parseBundle(bytes, count).slice(0, width);
}

interface Found {
  readonly bytes: Uint8Array;
  /** How many hashes or entries the file holds. */
  readonly count: number;
}

/** A partial tile goes when the full one comes, which may be while somebody reads: then that one begins with it. */
async function readFirst(folder: TileFolder, width: number, pathOf: (width: number) => string): Promise<Found> {
  for (const count of [width, TILE_WIDTH]) {
    const bytes = await folder.read(pathOf(count));
    if (bytes !== undefined) return { bytes, count };
  }
  throw new UnverifiedLogError('file');
}

/** Hashes for `treeRoot`, as far as the root of the whole log needs them. */
export function hashReader({ levels, lastLeaves }: TileHashes): HashReader {
  return (level, index) => {
    const tiles = Math.floor(level / LEVELS_OF_A_TILE);
    const width = 2 ** (level % LEVELS_OF_A_TILE);
    const first = tiles === 0 ? (levels[0]?.length ?? 0) * TILE_WIDTH : 0;
    const hashes = tiles === 0 ? lastLeaves : (levels[tiles - 1] ?? []);
    return rootOfComplete(hashes.slice(index * width - first, (index + 1) * width - first));
  };
}

/** Root of the tree over as many hashes as a power of two. */
export function rootOfComplete(hashes: readonly Uint8Array[]): Uint8Array {
  const [left, right] = hashes;
  if (left === undefined) throw new RangeError('There are no hashes here');
  if (right === undefined) return left;
  const middle = hashes.length / 2;
  return nodeHash(rootOfComplete(hashes.slice(0, middle)), rootOfComplete(hashes.slice(middle)));
}

function equal(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}
