import { requireSize } from './require-size.ts';

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;

/**
 * Where a tile of hashes stands below the log's folder: `tile/<level>/<index>[.p/<width>]` (C2SP tlog-tiles). `level`
 * counts tiles: one of them spans eight levels of the tree.
 *
 * @throws RangeError for a level beyond 63, or a width that is not 1 to 256.
 */
export function tilePath(level: number, index: number, width: number = TILE_WIDTH): string {
  if (!Number.isInteger(level) || level < 0 || level > 63) throw new RangeError('The level of a tile is 0 to 63');
  return `tile/${level}/${place(index, width)}`;
}

/**
 * Where a bundle of entries stands: `tile/entries/<index>[.p/<width>]` (C2SP tlog-tiles).
 *
 * @throws RangeError for a width that is not 1 to 256.
 */
export function bundlePath(index: number, width: number = TILE_WIDTH): string {
  return `tile/entries/${place(index, width)}`;
}

/** Three digits an element, all but the last after an `x`: 1234067 is `x001/x234/067`. */
function place(index: number, width: number): string {
  requireSize(index);
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH) throw new RangeError('A tile has 1 to 256 hashes');
  let path = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  return width === TILE_WIDTH ? path : `${path}.p/${width}`;
}
