import { join } from 'node:path';
import { type MirroredStore, mirroredStore } from '@medseal/core';
import { expect, it } from 'vitest';
import { type FileStore, fileStore } from '../src/files/file-store.ts';
import { sqliteMirrorState } from '../src/mirror/sqlite-mirror-state.ts';
import { bundleFixture } from './bundled-fixture.ts';
import { killProgram } from './child.ts';
import { mirroredObjects, mirroredRef } from './mirrored-objects.ts';
import { testFolder } from './test-folder.ts';

const KILLS = 12;
const names = ['first', 'second', 'third'] as const;

/** What the callers know of an object; of one whose call was cut short they know nothing. */
type Standing = 'stands' | 'deleted' | 'unknown';

function follow(standings: Standing[], lines: readonly string[]): void {
  for (const [index, line] of lines.entries()) {
    const [what, object] = line.split(' ');
    if (object === undefined) continue;
    const known = what === 'put' ? 'stands' : 'deleted';
    standings[Number(object)] = lines[index + 1] === 'done' ? known : 'unknown';
  }
}

/** Whether the mirror gives the object, whole. */
async function gives(mirror: MirroredStore, object: number): Promise<boolean> {
  const ref = mirroredRef(object);
  let size = 0;
  try {
    for await (const piece of mirror.get(ref)) size += piece.length;
  } catch (error) {
    expect(error).toMatchObject({ code: 'ABSENT' });
    return false;
  }
  return size === ref.size;
}

async function holders(stores: Readonly<Record<string, FileStore>>, object: number): Promise<readonly string[]> {
  const held = Object.entries(stores).map(async ([name, store]) =>
    (await store.has(mirroredRef(object))) ? [name] : [],
  );
  return (await Promise.all(held)).flat();
}

it(`brings back nothing that was deleted and loses nothing that was put when it is killed ${KILLS} times past one copy or another`, async () => {
  await using folder = await testFolder();
  await using programs = await testFolder();
  const program = join(programs.path, 'deleter.mjs');
  await bundleFixture('delete-until-killed.ts', program);
  const stores = Object.fromEntries(names.map((name) => [name, fileStore({ directory: join(folder.path, name) })]));
  for (const store of Object.values(stores)) await store.sweep();
  const standings: Standing[] = Array.from({ length: mirroredObjects }, () => 'deleted');
  let acknowledged = 0;
  let left = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const down = names[kill % 4] ?? 'none';
    const lines = await killProgram([program, folder.path, down, String(kill)], 20 + ((kill * 37) % 150));
    acknowledged += lines.filter((line) => line === 'done').length;
    follow(standings, lines);
    // Every other time the next process takes over as it is, with another copy out of reach.
    if (kill % 2 === 0) continue;
    await using state = sqliteMirrorState({ path: join(folder.path, 'state') });
    left += (await state.load()).filter(({ task }) => task === 'delete').length;
    await using mirror = mirroredStore(stores, { state });
    for (const [object, standing] of standings.entries()) {
      const found = await gives(mirror, object);
      if (standing !== 'unknown') expect([object, found]).toEqual([object, standing === 'stands']);
      standings[object] = found ? 'stands' : 'deleted';
    }
    await mirror.settled();
    await mirror.scrub({ refs: standings.map((_, object) => mirroredRef(object)) });
    for (const [object, standing] of standings.entries())
      expect([object, await holders(stores, object)]).toEqual([object, standing === 'stands' ? names : []]);
    expect(await mirror.owed()).toEqual([]);
  }
  expect(acknowledged).toBeGreaterThan(KILLS);
  expect(left).toBeGreaterThan(0);
}, 120_000);
