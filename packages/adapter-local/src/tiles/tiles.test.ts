import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addSignatures,
  cosign,
  ed25519NoteSigner,
  ed25519WitnessSigner,
  noteVerifier,
  witnessVerifier,
} from '@medseal/core/tlog';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { logKey, type TileLog, tileLog } from '../../test/tile-log.ts';
import { publishTiles } from './publish-tiles.ts';
import { readTiles } from './read-tiles.ts';
import { TileFolder } from './tile-folder.ts';
import { tilePublisher } from './tile-publisher.ts';
import type { TileSource } from './tile-source.ts';

const root = await mkdtemp(join(tmpdir(), 'medseal-tiles-'));
afterAll(() => rm(root, { recursive: true }));
const fresh = (): Promise<string> => mkdtemp(join(root, 'log-'));
const verifiers = [noteVerifier(logKey.verifierKey)];
const failing = (failed: string): unknown => expect.objectContaining({ name: 'UnverifiedLogError', failed });

async function files(directory: string): Promise<readonly string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .toSorted();
}

async function readAll(directory: string): Promise<readonly Uint8Array[]> {
  const log = await readTiles(directory, { verifiers });
  return Array.fromAsync(log.entries());
}

describe('publishing', () => {
  it('writes the tiles of C2SP tlog-tiles, and reads back all entries', async () => {
    const directory = await fresh();
    const log = tileLog(600);
    await publishTiles(directory, log.source());
    expect(await files(directory)).toEqual([
      'checkpoint',
      'tile/0/000',
      'tile/0/001',
      'tile/0/002.p/88',
      'tile/1/000.p/2',
      'tile/entries/000',
      'tile/entries/001',
      'tile/entries/002.p/88',
    ]);
    expect(await readAll(directory)).toEqual(log.entries);
  });

  it.each([0, 1, 255, 256, 257, 512])('publishes a log of %i entries', async (size) => {
    const directory = await fresh();
    const log = tileLog(size);
    await publishTiles(directory, log.source());
    expect(await readAll(directory)).toEqual(log.entries);
  });

  it('publishes more than 65,536 entries, on three levels', async () => {
    const directory = await fresh();
    const log = tileLog(66_000);
    await publishTiles(directory, log.source());
    expect((await files(directory)).filter((path) => /^tile\/[12]\//.test(path))).toEqual([
      'tile/1/000',
      'tile/1/001.p/1',
      'tile/2/000.p/1',
    ]);
    expect((await readAll(directory)).at(65_999)).toEqual(log.entries[65_999]);
    await writeFile(join(directory, 'tile/2/000.p/1'), new Uint8Array(32));
    await expect(readTiles(directory, { verifiers })).rejects.toEqual(failing('root'));
  });

  it('gives the same files step by step as at once, but for partial tiles of steps', async () => {
    const [stepwise, atOnce] = [await fresh(), await fresh()];
    const log = tileLog(700);
    for (const size of [0, 3, 200, 255, 256, 300, 600, 700]) {
      await publishTiles(stepwise, log.source(size));
      const { checkpoint } = await readTiles(stepwise, { verifiers });
      expect(checkpoint.size).toBe(size);
    }
    await publishTiles(atOnce, log.source());
    expect((await files(stepwise)).filter((path) => !path.includes('.p/'))).toEqual(
      (await files(atOnce)).filter((path) => !path.includes('.p/')),
    );
    expect((await files(stepwise)).filter((path) => path.startsWith('tile/0/002.p'))).toEqual([
      'tile/0/002.p/188',
      'tile/0/002.p/88',
    ]);
    for (const path of await files(atOnce))
      expect(await readFile(join(stepwise, path))).toEqual(await readFile(join(atOnce, path)));
  });

  it('changes nothing when repeated, and writes all anew when asked', async () => {
    const directory = await fresh();
    const source = tileLog(300).source();
    await publishTiles(directory, source);
    const tile = join(directory, 'tile/0/000');
    const { ino } = await stat(tile);
    await publishTiles(directory, source);
    expect((await stat(tile)).ino).toBe(ino);
    await writeFile(tile, 'damaged');
    await publishTiles(directory, source, { whole: true });
    expect(await readAll(directory)).toHaveLength(300);
  });

  it('goes on after a crash before the checkpoint, which is written last', async () => {
    const directory = await fresh();
    const log = tileLog(600);
    await publishTiles(directory, log.source(200));
    const crashing: TileSource = {
      ...log.source(),
      entries: (from, to) => {
        if (from >= 512) throw new Error('crash');
        return log.entries.slice(from, to);
      },
    };
    await expect(publishTiles(directory, crashing)).rejects.toThrow('crash');
    expect(await readAll(directory)).toHaveLength(200);
    await publishTiles(directory, log.source());
    expect(await readAll(directory)).toHaveLength(600);
  });

  it('removes what an earlier writer left, not what another is writing', async () => {
    const directory = await fresh();
    await writeFile(join(directory, '.writing-old'), '');
    await writeFile(join(directory, '.writing-new'), '');
    await utimes(join(directory, '.writing-old'), 0, 0);
    await publishTiles(directory, tileLog(1).source());
    expect(await files(directory)).toEqual(['.writing-new', 'checkpoint', 'tile/0/000.p/1', 'tile/entries/000.p/1']);
  });

  it('publishes new cosignatures of the same checkpoint', async () => {
    const directory = await fresh();
    const source = tileLog(5).source();
    await publishTiles(directory, source);
    const witness = ed25519WitnessSigner({ name: 'witness.example', secretKey: new Uint8Array(32).fill(8) });
    const checkpoint = addSignatures(source.checkpoint, cosign(source.checkpoint, witness, 1));
    const policy = { verifiers, witnesses: [witnessVerifier(witness.verifierKey)], quorum: 1 };
    await expect(readTiles(directory, policy)).rejects.toEqual(failing('witnesses'));
    await publishTiles(directory, { ...source, checkpoint });
    expect((await readTiles(directory, policy)).note).toBe(checkpoint);
  });

  it('is refused where the entries or hashes are not those of the checkpoint', async () => {
    const directory = await fresh();
    const log = tileLog(10);
    const source = log.source();
    const altered: TileSource = {
      ...source,
      entries: (from, to) => log.entries.slice(from, to).with(3, new Uint8Array()),
    };
    await expect(publishTiles(directory, altered)).rejects.toEqual(failing('root'));
    await expect(publishTiles(directory, { ...source, size: 9 })).rejects.toEqual(failing('root'));
    await expect(publishTiles(directory, { ...source, hash: () => new Uint8Array(32) })).rejects.toEqual(
      failing('root'),
    );
    const other = tileLog(9);
    other.append(new Uint8Array());
    const { checkpoint } = other.source();
    await expect(publishTiles(directory, { ...source, checkpoint })).rejects.toEqual(failing('root'));
    expect(await files(directory)).not.toContain('checkpoint');
  });

  it('is refused over another log, or a later state', async () => {
    const directory = await fresh();
    const log = tileLog(10);
    await publishTiles(directory, log.source());
    const rewritten = expect.objectContaining({ code: 'LEDGER_REWRITTEN' });
    await expect(publishTiles(directory, log.source(9))).rejects.toEqual(rewritten);
    const other = tileLog();
    other.append(...log.entries.with(0, new Uint8Array()), new Uint8Array());
    await expect(publishTiles(directory, other.source())).rejects.toEqual(rewritten);
    const named = tileLog(20, ed25519NoteSigner({ name: 'example.org/other', secretKey: new Uint8Array(32) }));
    await expect(publishTiles(directory, named.source())).rejects.toEqual(rewritten);
    expect(await readAll(directory)).toEqual(log.entries);
  });
});

describe('reading', () => {
  let directory: string;
  const log = tileLog(600);
  beforeAll(async () => {
    directory = await fresh();
    await publishTiles(directory, log.source());
  });

  /** Reads with one file altered, which is put back afterwards. */
  async function readAltered(path: string, alter: (bytes: Uint8Array) => Uint8Array | undefined): Promise<unknown> {
    const before = await readFile(join(directory, path));
    const after = alter(new Uint8Array(before));
    if (after === undefined) await rm(join(directory, path));
    else await writeFile(join(directory, path), after);
    try {
      return await readAll(directory);
    } finally {
      await writeFile(join(directory, path), before);
    }
  }
  const flip = (bytes: Uint8Array): Uint8Array => bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1);
  const tiles = ['tile/0/000', 'tile/0/001', 'tile/0/002.p/88', 'tile/1/000.p/2'];
  const bundles = ['tile/entries/000', 'tile/entries/002.p/88'];

  it.each([...tiles, ...bundles])('refuses an altered %s', async (path) => {
    await expect(readAltered(path, flip)).rejects.toEqual(failing('root'));
  });

  it.each([...tiles, ...bundles])('refuses a missing %s', async (path) => {
    await expect(readAltered(path, () => undefined)).rejects.toEqual(failing('file'));
  });

  it.each(tiles)('refuses a cut %s', async (path) => {
    await expect(readAltered(path, (bytes) => bytes.slice(0, -32))).rejects.toEqual(failing('file'));
  });

  it.each(bundles)('refuses a cut, or longer, %s', async (path) => {
    const malformed = expect.objectContaining({ code: 'MALFORMED_OBJECT' });
    await expect(readAltered(path, (bytes) => bytes.slice(0, -1))).rejects.toEqual(malformed);
    await expect(readAltered(path, (bytes) => Uint8Array.of(...bytes, 0))).rejects.toEqual(malformed);
  });

  it('refuses a checkpoint that is altered, missing, of another root or of another key', async () => {
    await expect(readAltered('checkpoint', () => undefined)).rejects.toEqual(failing('file'));
    const other = tileLog(601).source(600);
    const grown = tileLog(1);
    grown.append(...log.entries.slice(1, -1), new Uint8Array());
    const bytes = (source: TileSource): Uint8Array => new TextEncoder().encode(source.checkpoint);
    await expect(readAltered('checkpoint', () => bytes(grown.source()))).rejects.toEqual(failing('root'));
    await expect(readAltered('checkpoint', () => bytes(other))).resolves.toHaveLength(600);
    const stranger = ed25519NoteSigner({ name: logKey.name, secretKey: new Uint8Array(32) });
    await expect(readAltered('checkpoint', () => bytes(tileLog(3, stranger).source()))).rejects.toEqual(
      failing('signer'),
    );
    await expect(readAltered('checkpoint', (note) => note.with(20, 0x39))).rejects.toEqual(failing('signature'));
  });

  it('goes on when a full tile takes the place of a partial one while somebody reads', async () => {
    const growing: TileLog = tileLog(600);
    const here = await fresh();
    await publishTiles(here, growing.source(300));
    const published = await readTiles(here, { verifiers });
    const reading = published.entries();
    await reading.next();
    await publishTiles(here, growing.source());
    expect(await files(here)).not.toContain('tile/entries/001.p/44');
    expect([...(await Array.fromAsync(reading))]).toEqual(growing.entries.slice(1, 300));
  });

  it.each([
    ['the hashes', 3],
    ['the entries', 6],
  ])('reads no further file when it is aborted between those of %s', async (_, last) => {
    const { signal } = new AbortController();
    const reason = new Error('enough');
    const heard = vi.spyOn(signal, 'throwIfAborted').mockImplementation(() => {
      if (heard.mock.calls.length > last) throw reason;
    });
    const reads = vi.spyOn(TileFolder.prototype, 'read');
    onTestFinished(() => reads.mockRestore());
    const whole = async (): Promise<unknown> =>
      Array.fromAsync((await readTiles(directory, { verifiers, signal })).entries());
    await expect(whole()).rejects.toBe(reason);
    const paths = reads.mock.calls.map(([path]) => path);
    expect(paths).toHaveLength(last + 1);
    expect(paths[last - 1]).toMatch(last === 3 ? /^tile\/0\/001$/ : /^tile\/entries\/000$/);
  });
});

describe('a publisher', () => {
  it('publishes several changes at once, soon after', async () => {
    const directory = await fresh();
    const log = tileLog(1);
    let asked = 0;
    const source = (): TileSource => {
      asked++;
      return log.source();
    };
    await using publisher = tilePublisher({
      directory,
      source,
      delay: 1,
      onError: (error) => expect.unreachable(String(error)),
    });
    publisher.changed();
    log.append(Uint8Array.of(1));
    publisher.changed();
    await expect.poll(() => files(directory), { interval: 5 }).toContain('checkpoint');
    expect(asked).toBe(1);
    expect(await readAll(directory)).toHaveLength(2);
  });

  it('publishes at its end what is left, one after the other', async () => {
    const directory = await fresh();
    const log = tileLog(10);
    const publisher = tilePublisher({
      directory,
      source: () => log.source(),
      delay: 1e6,
      onError: (error) => expect.unreachable(String(error)),
    });
    const first = publisher.flush();
    log.append(Uint8Array.of(1));
    publisher.changed();
    await publisher[Symbol.asyncDispose]();
    await first;
    expect(await readAll(directory)).toHaveLength(11);
  });

  it('tells of a failure, and tries again at the next change', async () => {
    const directory = await fresh();
    const log = tileLog(10);
    const errors: unknown[] = [];
    let fails = true;
    const source = (): TileSource => (fails ? { ...log.source(), size: 1 } : log.source());
    const publisher = tilePublisher({ directory, source, delay: 0, onError: (error) => errors.push(error) });
    publisher.changed();
    await expect.poll(() => errors, { interval: 5 }).toEqual([failing('root')]);
    await expect(publisher.flush()).rejects.toEqual(failing('root'));
    fails = false;
    publisher.changed();
    await publisher[Symbol.asyncDispose]();
    expect(errors).toHaveLength(1);
    expect(await readAll(directory)).toHaveLength(10);
  });
});
