import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from './repository.ts';

const vectors = join(repository, 'vectors/format');
const folder = mkdtempSync(join(tmpdir(), 'medseal-second-reader-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Why the reader can not be built here. */
function missing(): string | undefined {
  const { stdout, error } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
  if (error !== undefined) return 'Go is not installed';
  const [, minor = '0'] = /^go1\.(\d+)/.exec(stdout) ?? [];
  return Number(minor) < 24 ? `Go 1.24 or newer is needed, ${stdout.trim()} is here` : undefined;
}

const reason = missing();
if (reason !== undefined)
  console.info(`The second reader, of sealed files and lists of records, is not run: ${reason}`);

describe.skipIf(reason !== undefined)('the reader in Go, written from docs/format.md and docs/protocol.md', () => {
  const program = join(folder, 'verify');
  const verify = (vectorsIn: string): ReturnType<typeof spawnSync> =>
    spawnSync(program, [vectorsIn], { encoding: 'utf8' });

  beforeAll(() => {
    // The standard library is all that it needs: nothing is downloaded.
    const env = { ...process.env, GOTOOLCHAIN: 'local', GOPROXY: 'off', GOFLAGS: '-mod=mod' };
    const cwd = join(repository, 'vectors/verify');
    const { status, stderr } = spawnSync('go', ['build', '-o', program, '.'], { cwd, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`go build ended with ${status}: ${stderr}`);
  });

  it('agrees on every vector', () => {
    const { status, stdout } = verify(vectors);
    expect(stdout).toMatch(/^\d+ vectors, 0 disagree\n$/);
    expect(Number.parseInt(String(stdout), 10)).toBeGreaterThan(80);
    expect(status).toBe(0);
  });

  it('agrees on every list of records, and on what grants of them cover', () => {
    const { status, stdout } = verify(join(repository, 'vectors/protocol/record-lists.json'));
    expect(stdout).toMatch(/^\d+ vectors, 0 disagree\n$/);
    expect(Number.parseInt(String(stdout), 10)).toBeGreaterThan(40);
    expect(status).toBe(0);
  });

  it('says where it disagrees on lists', () => {
    const own = join(folder, 'record-lists.json');
    const text = readFileSync(join(repository, 'vectors/protocol/record-lists.json'), 'utf8');
    writeFileSync(own, text.replaceAll('"unknown"', '"inside"'));
    const { status, stdout } = verify(own);
    expect(stdout).toContain('no list was delivered: it is unknown, not inside\n');
    expect(stdout).toMatch(/\n\d+ vectors, 3 disagree\n$/);
    expect(status).toBe(1);
  });

  it('says where it disagrees', () => {
    const own = mkdtempSync(join(folder, 'vectors-'));
    copyFileSync(join(vectors, 'good-one-byte'), join(own, 'a-good-one'));
    const altered = readFileSync(join(vectors, 'good-one-byte'));
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
    writeFileSync(join(own, 'an-altered-one'), altered);
    const { status, stdout } = verify(own);
    expect(stdout).toBe(
      'an-altered-one: ended in payload (payload: the payload was altered or cut), not success\n2 vectors, 1 disagree\n',
    );
    expect(status).toBe(1);
  });
});
