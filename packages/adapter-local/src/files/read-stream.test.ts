import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readStream } from './read-stream.ts';

const content = randomBytes(3 * 1024 * 1024 + 5);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medseal-read-'));
  await writeFile(join(folder, 'file'), content);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

it.each([
  [0, content.length],
  [1, content.length - 1],
  [700_000, 700_001],
  [5, 5],
])('reads from %i to %i, in memory of its own or in two buffers', async (start, end) => {
  for (const reuse of [false, true]) {
    const handle = await open(join(folder, 'file'));
    const buffers = new Set<ArrayBufferLike>();
    const copies: Uint8Array[] = [];
    let pieces = 0;
    for await (const piece of readStream(handle, start, end, reuse)) {
      // A reader who takes his time: the next piece is being read meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 1));
      copies.push(Uint8Array.from(piece));
      buffers.add(piece.buffer);
      pieces++;
    }
    await handle.close();
    expect(Buffer.concat(copies).equals(content.subarray(start, end))).toBe(true);
    expect(buffers.size).toBe(reuse ? Math.min(2, pieces) : pieces);
  }
});
