import { randomBytes } from 'node:crypto';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeStream, type WriteStreamOptions } from './write-stream.ts';

const KIB = 1024;
let path: string;
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'medseal-write-')), 'file');
});
afterAll(async () => {
  await rm(join(path, '..'), { recursive: true });
});

async function write(
  source: AsyncIterable<Uint8Array>,
  recycle?: WriteStreamOptions['recycle'],
): Promise<readonly [number, Buffer]> {
  const handle = await open(path, 'w');
  try {
    const size = await writeStream(handle, source, { onPiece: () => {}, recycle });
    return [size, await readFile(path)];
  } finally {
    await handle.close();
  }
}

const shapes: readonly (readonly [string, readonly number[]])[] = [
  ['nothing', []],
  ['an empty piece', [0]],
  ['small pieces', [1, 0, 100, 1]],
  ['a large piece', [5000 * KIB + 1]],
  ['large and small ones in turn', [300 * KIB, 7, 2000 * KIB, 100 * KIB, 256 * KIB, 1]],
  ['small ones that are large together', Array.from({ length: 100 }, () => 33 * KIB)],
  ['many large ones', Array.from({ length: 12 }, () => 528 * KIB)],
];

it.each(shapes)('writes %s, whose memory is used again at once', async (_, sizes) => {
  const pieces = sizes.map((size) => randomBytes(size));
  async function* oneBuffer(): AsyncGenerator<Uint8Array> {
    const memory = new Uint8Array(Math.max(0, ...sizes));
    for (const piece of pieces) {
      memory.set(piece);
      yield memory.subarray(0, piece.length);
    }
  }
  const whole = Buffer.concat(pieces);
  const [size, bytes] = await write(oneBuffer());
  expect(size).toBe(whole.length);
  expect(bytes.equals(whole)).toBe(true);
});

it.each(shapes)('writes %s, whose memory is used again when it is given back', async (_, sizes) => {
  const pieces = sizes.map((size) => randomBytes(size));
  const whole = Buffer.concat(pieces);
  async function* lent(): AsyncGenerator<Uint8Array> {
    yield* pieces;
  }
  let given = 0;
  const [size, bytes] = await write(lent(), (piece) => {
    given++;
    piece.fill(0);
  });
  expect(size).toBe(whole.length);
  expect(bytes.equals(whole)).toBe(true);
  expect(given).toBe(pieces.length);
});
