import { createHash } from 'node:crypto';
import { readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hex } from '@medseal/protocol';
import { expect, it } from 'vitest';
import { fileDirectory } from '../src/files/file-directory.ts';
import { fileProxyState } from '../src/files/file-proxy-state.ts';
import { fileStore } from '../src/files/file-store.ts';
import { bundleFixture } from './bundled-fixture.ts';
import { killProgram } from './child.ts';
import { testFolder } from './test-folder.ts';

const KILLS = 56;
const AT_ONCE = 4;

/** What the killed processes were told is done: the second words of their lines. */
function told(lines: readonly string[], what: string): readonly string[] {
  return lines.filter((line) => line.startsWith(`${what} `)).map((line) => line.split(' ')[1] ?? '');
}

it(`keeps whole what was acknowledged, and nothing half, when ${KILLS} writers are killed`, async () => {
  await using folder = await testFolder();
  await using programs = await testFolder();
  const program = join(programs.path, 'writer.mjs');
  await bundleFixture('write-until-killed.ts', program);
  const lines: string[] = [];
  const states: number[] = [];
  for (let first = 0; first < KILLS; first += AT_ONCE) {
    const running = Array.from({ length: AT_ONCE }, async (_, at) => {
      const own = first + at;
      const said = await killProgram([program, folder.path, String(own)], (own * 7) % 50);
      lines.push(...said);
      states[own] = Number(told(said, 'state').at(-1) ?? 0);
    });
    await Promise.all(running);
  }
  await checkStore(join(folder.path, 'store'), told(lines, 'put') as Hex[]);
  await checkDirectory(join(folder.path, 'directory'), lines, new Set(told(lines, 'deleted')));
  for (const [own, saved] of states.entries()) await checkState(join(folder.path, `state-${own}`), saved);
}, 120_000);

async function checkStore(path: string, acknowledged: readonly Hex[]): Promise<void> {
  const store = fileStore({ directory: path, create: false });
  expect(await store.scrub()).toMatchObject({ damaged: [], unreadable: [] });
  expect(acknowledged.length).toBeGreaterThan(KILLS / 4);
  for (const digest of acknowledged) expect(await store.has({ digest, size: 0, locator: '' })).toBe(true);
  const left = await readdir(join(path, 'temporary'));
  // The kills did hit writers at work.
  expect(left.length).toBeGreaterThan(KILLS / 4);
  expect(await store.sweep()).toBe(0);
  const then = new Date(Date.now() - 7_200_000);
  for (const name of left) await utimes(join(path, 'temporary', name), then, then);
  expect(await store.sweep()).toBe(left.length);
}

async function checkDirectory(path: string, lines: readonly string[], deleted: ReadonlySet<string>): Promise<void> {
  const directory = fileDirectory({ directory: path, create: false });
  await directory.sweep();
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => /^\d+-/.test(one.name))) {
    const bytes = await readFile(join(entry.parentPath, entry.name));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(entry.name.slice(9));
  }
  expect(entries.filter(({ name }) => name.startsWith('erasing-'))).toEqual([]);
  const puts = lines.filter((line) => line.startsWith('header ')).map((line) => line.split(' '));
  expect(puts.length).toBeGreaterThan(KILLS / 4);
  for (const [, id, value] of puts) {
    const whole = [new Uint8Array(3000).fill(Number(value))];
    const found = await directory.get('header', id as Hex);
    if (Number(value) % 2 === 0) expect(found).toEqual(whole);
    else if (deleted.has(id ?? '')) expect(found).toEqual([]);
    // Its deletion may have begun: it is all there, or gone.
    else expect([[], whole]).toContainEqual(found);
  }
}

async function checkState(path: string, saved: number): Promise<void> {
  const bytes = await fileProxyState(path).load();
  if (bytes === undefined) return expect(saved).toBe(0);
  // What was saved last, or the next that was on its way.
  expect([saved % 251, (saved + 1) % 251]).toContain(bytes[0]);
  expect(bytes).toEqual(new Uint8Array(50_000).fill(bytes[0] ?? 0));
}
