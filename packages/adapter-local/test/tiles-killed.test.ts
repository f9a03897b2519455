import { noteVerifier } from '@medseal/core/tlog';
import { expect, it } from 'vitest';
import { publishTiles } from '../src/tiles/publish-tiles.ts';
import { readTiles } from '../src/tiles/read-tiles.ts';
import { killFixture } from './child.ts';
import { testFolder } from './test-folder.ts';
import { logKey, tileLog } from './tile-log.ts';

const KILLS = 10;
const verifiers = [noteVerifier(logKey.verifierKey)];

it(`leaves a whole log, no shorter than was said, when ${KILLS} publishers are killed`, async () => {
  await using folder = await testFolder();
  let size = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const lines = await killFixture('publish-until-killed.ts', [folder.path, String(size)], 20 + ((kill * 37) % 200));
    const said = Number(lines.at(-1) === 'begins' ? size : lines.at(-1));
    const log = await readTiles(folder.path, { verifiers }).catch((error: unknown) => {
      // Killed before the first checkpoint.
      if (size === 0 && said === 0) return undefined;
      throw error;
    });
    if (log === undefined) continue;
    expect(log.checkpoint.size).toBeGreaterThanOrEqual(said);
    ({ size } = log.checkpoint);
    expect(await Array.fromAsync(log.entries())).toEqual(tileLog(size).entries);
  }
  expect(size).toBeGreaterThan(0);
  await publishTiles(folder.path, tileLog(size + 300).source());
  const { checkpoint } = await readTiles(folder.path, { verifiers });
  expect(checkpoint.size).toBe(size + 300);
}, 120_000);
