import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sqliteViewStore } from '../src/view/sqlite-view-store.ts';
import { killFixture } from './child.ts';
import { testFolder } from './test-folder.ts';

const KILLS = 6;

it(`keeps entries and checkpoint together when its writer is killed ${KILLS} times`, async () => {
  await using folder = await testFolder();
  const path = join(folder.path, 'view');
  let before = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const lines = await killFixture('append-until-killed.ts', [path], (kill * 13) % 60);
    await using store = sqliteViewStore(path);
    const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
    const entries = (await Array.fromAsync(store.load())).map(text);
    const length = Number(text(await store.checkpoint()));
    expect(entries).toHaveLength(length);
    expect(entries.every((entry, index) => entry.startsWith(`entry ${index} `))).toBe(true);
    // What was acknowledged is there; of the append that the kill met, all or nothing.
    expect(length).toBeGreaterThanOrEqual(Number(lines.at(-1)));
    expect(length).toBeGreaterThan(before);
    before = length;
  }
});
