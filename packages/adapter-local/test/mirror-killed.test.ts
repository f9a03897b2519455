import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { mirroredStore } from '@medseal/core';
import type { BlobRef } from '@medseal/core/adapter';
import { expect, it } from 'vitest';
import { type FileStore, fileStore } from '../src/files/file-store.ts';
import { bundleFixture } from './bundled-fixture.ts';
import { killProgram } from './child.ts';
import { testFolder } from './test-folder.ts';

const OBJECTS = 24;

function pathOf(folder: string, copy: string, { digest }: BlobRef): string {
  const name = digest.slice(2);
  return join(folder, copy, 'objects', name.slice(0, 2), name.slice(2, 4), name);
}

async function* content(value: number): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < 15; piece++) yield new Uint8Array(100_000).fill(value + piece);
}

/** Three copies of some objects, half of which the second one has lost, and the others only the beginning of. */
async function damagedCopies(folder: string): Promise<Readonly<Record<string, FileStore>>> {
  const stores = Object.fromEntries(
    ['first', 'second', 'third'].map((name) => [name, fileStore({ directory: join(folder, name) })]),
  );
  await using mirror = mirroredStore(stores);
  for (let value = 0; value < OBJECTS; value++) {
    const ref = await mirror.put(content(value));
    await mirror.settled();
    const path = pathOf(folder, 'second', ref);
    await (value % 2 === 0 ? rm(path) : truncate(path, 1_000_000));
  }
  return stores;
}

/** Objects that each copy has whole. */
async function wholeObjects(stores: Readonly<Record<string, FileStore>>): Promise<Readonly<Record<string, number>>> {
  const counted = Object.entries(stores).map(async ([name, store]) => {
    const { objects, damaged } = await store.scrub();
    return [name, objects - damaged.length] as const;
  });
  return Object.fromEntries(await Promise.all(counted));
}

it('is killed in the middle of its repairs, and the next one finishes them: no copy ever holds a wrong object', async () => {
  await using folder = await testFolder();
  await using programs = await testFolder();
  const program = join(programs.path, 'repairer.mjs');
  await bundleFixture('repair-until-killed.ts', program);
  const stores = await damagedCopies(folder.path);
  let whole = 0;
  let interrupted = 0;
  for (const after of [0, 20, 40, 60, 80, 150]) {
    const lines = await killProgram([program, folder.path], after);
    if (!lines.includes('done')) interrupted++;
    const found = await wholeObjects(stores);
    expect(found).toMatchObject({ first: OBJECTS, third: OBJECTS });
    // What was restored stays restored.
    expect(found['second']).toBeGreaterThanOrEqual(whole);
    whole = found['second'] ?? 0;
  }
  expect(interrupted).toBeGreaterThan(0);
  await using mirror = mirroredStore(stores);
  await mirror.scrub({ refs: stores['first']?.refs() });
  expect(await wholeObjects(stores)).toEqual({ first: OBJECTS, second: OBJECTS, third: OBJECTS });
}, 120_000);

it('heals file stores from each other, bit by bit flipped, cut and lost', async () => {
  await using folder = await testFolder();
  const stores = Object.fromEntries(
    ['here', 'there'].map((name) => [name, fileStore({ directory: join(folder.path, name) })]),
  );
  const mirror = mirroredStore(stores);
  const ref = await mirror.put(content(1));
  await mirror.settled();
  await truncate(pathOf(folder.path, 'here', ref), 1_234_567);
  let size = 0;
  for await (const piece of mirror.get(ref)) size += piece.length;
  expect(size).toBe(ref.size);
  await mirror.settled();
  expect(mirror.repairs.ended).toMatchObject([{ copy: 'here', outcome: 'done' }]);
  expect(await stores['here']?.scrub()).toMatchObject({ objects: 1, damaged: [] });
});
