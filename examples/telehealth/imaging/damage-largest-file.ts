import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Turns over one bit in the middle of the largest file below a folder, as a worn disk might. */
export async function damageLargestFile(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const sized = await Promise.all(paths.map(async (path) => ({ path, size: (await stat(path)).size })));
  const largest = sized.toSorted((a, b) => b.size - a.size)[0];
  if (largest === undefined) throw new Error('There is no file to damage');
  await using file = await open(largest.path, 'r+');
  const middle = Math.floor(largest.size / 2);
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: middle });
  buffer[0] = (buffer[0] ?? 0) ^ 1;
  await file.write(buffer, 0, 1, middle);
}
