import { copyFile, cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  addSignatures,
  askWitness,
  cosign,
  cosignatures,
  ed25519NoteSigner,
  ed25519WitnessSigner,
  noteVerifier,
  witness,
  witnessVerifier,
} from '@medseal/core/tlog';
import { LedgerView, memoryViewStore } from '@medseal/core';
import { decodeEntry, type Domain, encodeEntry, type EntryBody, signCommand } from '@medseal/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { doctor, type LedgerWorld, ledgerWorld, numbered, patient } from '../../test/ledger-world.ts';
import { failure } from '../../test/test-folder.ts';
import { tileLog } from '../../test/tile-log.ts';
import { verifyLedger } from '../ledger/checking/verify-ledger.ts';
import { run } from '../ledger/cli/run.ts';
import type { LocalLedger } from '../ledger/local-ledger.ts';
import { readKeyFile } from '../ledger/writing/key-file.ts';
import { publishTiles } from '../tiles/publish-tiles.ts';
import { readTiles } from '../tiles/read-tiles.ts';
import { rebuildLedger } from './rebuild-ledger.ts';

let world: LedgerWorld;
let tiles: string;
let ledger: LocalLedger;

/** A published log of 31 entries at eight times, one of them a violation, whose ledger has been closed. */
beforeEach(async () => {
  world = await ledgerWorld();
  tiles = join(world.folder, 'tiles');
  ledger = await world.reopen({ publish: { directory: tiles } });
  await world.populate();
  for (let n = 0; n < 14; n++) {
    if (n % 2 === 0) world.at.seconds += 3;
    world.at.monotonic = world.at.seconds * 1000;
    await ledger.submit(await world.request(n));
    await ledger.submit(await world.grant(n));
  }
  await ledger.submit(await useWithoutGrant(ledger.genesis.domain));
  await ledger[Symbol.asyncDispose]();
});
afterEach(() => world[Symbol.asyncDispose]());

function useWithoutGrant(domain: Domain): Promise<Uint8Array> {
  const words = {
    grant: numbered(900),
    record: numbered(901),
    headerDigest: numbered(902),
    actingPerson: numbered(903),
  };
  const use = { type: 'useAccess', actor: doctor.address, patient: patient.address, ...words } as const;
  return signCommand({ ...use, validUntil: world.at.seconds + 600 }, domain, doctor);
}

/** The database is gone, and all that belongs to it; the key is there. */
async function lose(): Promise<void> {
  for (const name of await readdir(world.folder))
    if (name !== 'tiles' && name !== 'ledger-key') await rm(join(world.folder, name), { recursive: true });
}

const rebuild = (options: Parameters<typeof rebuildLedger>[2] = {}): ReturnType<typeof rebuildLedger> =>
  rebuildLedger(tiles, world.path, { threads: 0, ...options });

describe('a ledger whose database is lost', () => {
  test('is there again, byte for byte what was published, and goes on', async () => {
    const before = await verifyLedger(world.path, { threads: 0 });
    await lose();
    const progress: number[] = [];
    const rebuilt = await rebuild({ onProgress: (done) => progress.push(done) });
    expect(rebuilt).toEqual({ domain: before.domain, entries: 31, checkpoint: before.checkpoint });
    expect([progress.length, progress.at(-1)]).toEqual([8, 31]);
    expect((await readdir(world.folder)).toSorted()).toEqual(['ledger', 'ledger-key', 'ledger-lock', 'tiles']);
    expect(await verifyLedger(world.path, { threads: 0 })).toEqual(before);
    const again = await world.reopen({ publish: { directory: tiles } });
    world.at.seconds += 1;
    world.at.monotonic += 1000;
    const { time } = await (await again.submit(await world.request(50))).committed();
    expect(time).toBe(world.at.seconds);
    await again[Symbol.asyncDispose]();
    expect((await readTiles(tiles, { verifiers: [noteVerifier(again.verifierKey)] })).checkpoint.size).toBe(32);
  });

  test('is the same for readers that saw it, and for witnesses', async () => {
    const store = memoryViewStore();
    const seen = await world.reopen();
    await new LedgerView(seen, { store }).sync();
    const signer = ed25519WitnessSigner({ name: 'witness.example/north', secretKey: new Uint8Array(32).fill(1) });
    let saved: Uint8Array | undefined;
    const state = { load: async () => saved, save: async (bytes: Uint8Array) => void (saved = bytes) };
    const north = witness({ signer, verifiers: [noteVerifier(seen.verifierKey)], state });
    seen.addCosignature(await askWitness(seen, north), [witnessVerifier(signer.verifierKey)]);
    await seen[Symbol.asyncDispose]();
    await lose();
    await rebuild();
    const again = await world.reopen();
    await again.submit(await world.request(77));
    const view = new LedgerView(again, { store });
    await view.sync();
    expect(view.entries).toHaveLength(32);
    expect(await askWitness(again, north)).toContain('witness.example/north');
  });

  test('keeps the cosignatures that were published, of the witnesses that are named', async () => {
    const seen = await world.reopen({ publish: { directory: tiles } });
    const signers = ['north', 'south'].map((name, i) =>
      ed25519WitnessSigner({ name: `witness.example/${name}`, secretKey: new Uint8Array(32).fill(i + 1) }),
    );
    const [north, south] = signers.map(({ verifierKey }) => witnessVerifier(verifierKey));
    if (north === undefined || south === undefined) throw new TypeError('There are two witnesses');
    const asked = addSignatures(
      seen.checkpoint(),
      signers.map((signer) => cosign(seen.checkpoint(), signer, 1)).join(''),
    );
    const cosigned = seen.addCosignature(asked, [north, south]);
    await seen[Symbol.asyncDispose]();
    expect(await readFile(join(tiles, 'checkpoint'), 'utf8')).toBe(cosigned);

    await lose();
    await rebuild({ witnesses: [north, south], quorum: 2 });
    await verifyLedger(world.path, { threads: 0 });
    const again = await world.reopen({ publish: { directory: tiles } });
    expect(again.checkpoint()).toBe(cosigned);
    expect(again.cosigned()).toEqual([cosigned]);
    await again[Symbol.asyncDispose]();
    expect(await readFile(join(tiles, 'checkpoint'), 'utf8')).toBe(cosigned);

    await lose();
    const io = { write: () => {}, say: () => {}, progress: () => {}, signal: new AbortController().signal };
    const [key = ''] = signers.map(({ verifierKey }) => verifierKey);
    expect(await run(['rebuild', tiles, world.path, '--witness', 'north'], io)).toBe(2);
    expect(await run(['rebuild', tiles, world.path, '--witness', key], io)).toBe(0);
    const named = (await world.reopen()).checkpoint();
    expect(cosignatures(named, [north, south])).toEqual([{ name: 'witness.example/north', time: 1 }]);
    expect(named).not.toContain('south');
  });

  test('takes no line over that bears a known name and is of another key', async () => {
    const [north, stranger] = [1, 2].map((fill) =>
      ed25519WitnessSigner({ name: 'witness.example/north', secretKey: new Uint8Array(32).fill(fill) }),
    );
    if (north === undefined || stranger === undefined) throw new TypeError('There are two keys');
    const path = join(tiles, 'checkpoint');
    const note = await readFile(path, 'utf8');
    const [origin = ''] = note.split('\n');
    const good = cosign(note, north, 1);
    await writeFile(path, `${note}${good}${cosign(note, stranger, 1)}— ${origin} ${btoa('of nobody')}\n`);
    await lose();
    await rebuild({ witnesses: [witnessVerifier(north.verifierKey)], quorum: 1 });
    expect((await world.reopen()).checkpoint()).toBe(`${note}${good}`);
  });

  test('is made by the program', async () => {
    await lose();
    const lines: string[] = [];
    const io = { write: () => {}, say: (line: string) => void lines.push(line), progress: () => {} };
    const { signal } = new AbortController();
    expect(await run(['rebuild', tiles, world.path], { ...io, signal })).toBe(0);
    expect(lines).toEqual(['rebuilt 31 entries']);
    expect(await run(['rebuild', tiles, world.path], { ...io, signal })).toBe(3);
    expect(await run(['rebuild', tiles, world.path, '--replace', '-q'], { ...io, signal })).toBe(0);
    expect(await run(['rebuild', join(tiles, 'tile'), `${world.path}-2`], { ...io, signal })).toBe(4);
    expect(await run(['rebuild', `${tiles}-none`, `${world.path}-2`], { ...io, signal })).toBe(3);
    expect(await run(['rebuild', tiles, `${world.path}-2`], { ...io, signal })).toBe(1);
  });

  test('is called damaged by the program where what was published, or the key, is', async () => {
    await lose();
    const lines: string[] = [];
    const io = { write: () => {}, say: (line: string) => void lines.push(line), progress: () => {} };
    const rebuildBy = (): Promise<number> =>
      run(['rebuild', tiles, world.path], { ...io, signal: new AbortController().signal });
    for (const name of ['checkpoint', 'tile/entries/000.p/31', 'genesis']) {
      const bytes = await readFile(join(tiles, name));
      await writeFile(join(tiles, name), bytes.subarray(0, 9));
      expect(await rebuildBy(), name).toBe(4);
      await writeFile(join(tiles, name), bytes);
    }
    await writeFile(`${world.path}-key`, 'torn');
    expect(await rebuildBy()).toBe(1);
    expect(lines.at(-1)).toBe('medseal-ledger: The key file of the ledger holds no key');
  });
});

describe('nothing is made', () => {
  const left = (): Promise<string[]> => readdir(world.folder);

  test('over a ledger that is there, unless it is to be replaced', async () => {
    const before = await readFile(world.path);
    expect(await failure(rebuild())).toMatchObject({ code: 'LEDGER_EXISTS' });
    expect(await readFile(world.path)).toEqual(before);
    await writeFile(world.path, 'torn');
    expect(await rebuild({ replace: true })).toMatchObject({ entries: 31 });
    const writer = await world.open();
    expect(await failure(rebuild({ replace: true }))).toMatchObject({ code: 'LEDGER_LOCKED' });
    await writer[Symbol.asyncDispose]();
  });

  test('from fewer entries than are known to have been committed', async () => {
    const published = join(world.folder, 'older');
    await cp(tiles, published, { recursive: true });
    const more = await world.reopen();
    await more.submit(await world.request(50));
    await more[Symbol.asyncDispose]();
    await rm(world.path);
    expect(await failure(rebuildLedger(published, world.path, { threads: 0 }))).toMatchObject({
      code: 'LEDGER_CORRUPT',
    });
    expect(await left()).not.toContain('ledger');
    expect(await rebuildLedger(published, world.path, { threads: 0, replace: true })).toMatchObject({ entries: 31 });
  });

  test('with the key or for the domain of another ledger, or without a key', async () => {
    await lose();
    await rename(`${world.path}-key`, `${world.path}-kept`);
    expect(await failure(rebuild())).toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    const key = { secret: () => new Uint8Array(32).fill(9) };
    expect(await failure(rebuild({ key }))).toMatchObject({ code: 'WRONG_LEDGER' });
    const file = { file: `${world.path}-kept` };
    const domain = `0x${'12'.repeat(32)}` as const;
    expect(await failure(rebuild({ key: file, domain }))).toMatchObject({ code: 'WRONG_LEDGER' });
    expect(await left()).not.toContain('ledger');
    expect(await rebuild({ key: file })).toMatchObject({ entries: 31 });
  });

  test('from a log in which anything is altered or missing', async () => {
    await lose();
    const bundle = join(tiles, 'tile/entries/000.p/31');
    const checkpoint = await readFile(join(tiles, 'checkpoint'), 'utf8');
    const genesis = await readFile(join(tiles, 'genesis'), 'utf8');
    const other = { ...(JSON.parse(genesis) as object), salt: `0x${'33'.repeat(32)}` };
    const damages: readonly (readonly [string, string | Uint8Array | undefined])[] = [
      ['genesis', undefined],
      ['genesis', 'null'],
      ['genesis', JSON.stringify(other)],
      ['checkpoint', checkpoint.replace('\n31\n', '\n30\n')],
      ['checkpoint', undefined],
      ['tile/0/000.p/31', undefined],
      ['tile/entries/000.p/31', (await readFile(bundle)).fill(1, 700, 701)],
    ];
    for (const [name, content] of damages) {
      const path = join(tiles, name);
      await copyFile(path, `${path}-kept`);
      await (content === undefined ? rm(path) : writeFile(path, content));
      expect(await failure(rebuild()), name).toMatchObject({ medseal: true });
      expect(await left(), name).not.toContain('ledger');
      await rename(`${path}-kept`, path);
    }
    expect(await rebuild()).toMatchObject({ entries: 31 });
  });

  test('from entries that do not follow from the rules, though the key has signed them', async () => {
    const secretKey = readKeyFile(`${world.path}-key`);
    const signer = ed25519NoteSigner({ name: `medseal/local/${ledger.genesis.domain.slice(2)}`, secretKey });
    const genesis = await readFile(join(tiles, 'genesis'), 'utf8');
    const log = await readTiles(tiles, { verifiers: [noteVerifier(ledger.verifierKey)] });
    const honest = (await Array.fromAsync(log.entries())).map(decodeEntry);
    const [first, second, third] = honest;
    if (first === undefined || second === undefined || third === undefined) throw new TypeError('The log is short');
    const [end, last] = [second.wire.length - 10, honest.length - 1];
    const wire = second.wire.with(end, (second.wire[end] ?? 0) ^ 1);
    expect(honest[last]?.violation).toBe('NO_GRANT');
    const lies: readonly (readonly EntryBody[])[] = [
      honest.with(2, { ...third, violation: 'NO_GRANT' }),
      honest.with(last, { ...(honest[last] ?? first), violation: undefined }),
      honest.with(1, { ...second, time: first.time - 1 }),
      honest.with(2, second),
      honest.with(1, { ...second, wire }),
      honest.slice(1),
    ];
    await lose();
    for (const [index, lie] of lies.entries()) {
      const other = tileLog(0, signer);
      other.append(...lie.map(encodeEntry));
      const published = join(world.folder, `lie-${index}`);
      await publishTiles(published, { ...other.source(), genesis });
      expect(await failure(rebuildLedger(published, world.path, { threads: 0 })), `lie ${index}`).toMatchObject({
        code: 'LEDGER_CORRUPT',
      });
    }
    expect(await left()).not.toContain('ledger');
  });

  test('when it is stopped, and it can be begun again', async () => {
    await lose();
    const stop = new AbortController();
    const stopped = rebuild({ signal: stop.signal, onProgress: (done) => done > 9 && stop.abort(new Error('enough')) });
    expect(await failure(stopped)).toMatchObject({ message: 'enough' });
    const early = new AbortController();
    const secret = (): Uint8Array => {
      early.abort(new Error('earlier'));
      return readKeyFile(`${world.path}-key`);
    };
    // Before any tile is read, of which the first is missing.
    await rename(join(tiles, 'tile/0'), join(tiles, 'tile/kept'));
    expect(await failure(rebuild({ key: { secret }, signal: early.signal }))).toMatchObject({ message: 'earlier' });
    await rename(join(tiles, 'tile/kept'), join(tiles, 'tile/0'));
    expect(await left()).not.toContain('ledger');
    expect((await left()).filter((name) => name.startsWith('ledger-rebuilt'))).toEqual([]);
    await writeFile(`${world.path}-rebuilt`, 'what a crash has left');
    expect(await rebuild()).toMatchObject({ entries: 31 });
  });
});
