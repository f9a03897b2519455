import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type LocalLedger, localLedger, readTiles } from '../../packages/adapter-local/src/index.ts';
import {
  addSignatures,
  askWitness,
  checkpointText,
  cosignatures,
  ed25519NoteSigner,
  ed25519WitnessSigner,
  encodeWitnessRequest,
  leafHash,
  noteVerifier,
  parseCheckpoint,
  signNote,
  verifyProof,
  witness,
  witnessRequest,
  witnessVerifier,
} from '../../packages/core/src/tlog.ts';
import {
  type CommandId,
  encodeEntry,
  memorySigner,
  noOrganisation,
  signCommand,
  toHex,
} from '../../packages/protocol/src/index.ts';
import { repository } from './repository.ts';

const module = join(repository, 'tools/go/tlog');
const folder = mkdtempSync(join(tmpdir(), 'medseal-transparency-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Why the program can not be built here. */
function missing(): string | undefined {
  const { stdout, error } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
  if (error !== undefined) return 'Go is not installed';
  const [, minor = '0'] = /^go1\.(\d+)/.exec(stdout) ?? [];
  return Number(minor) < 25 ? `Go 1.25 or newer is needed, ${stdout.trim()} is here` : undefined;
}

const reason = missing();
if (reason !== undefined) console.info(`The transparency log is not checked with Go's packages: ${reason}`);

const SIZE = 600;
const START = 1_800_000_000;
const secret = new Uint8Array(32).fill(9);
const [official, doctor] = [memorySigner(new Uint8Array(32).fill(1)), memorySigner(new Uint8Array(32).fill(2))];
const word = (n: number): `0x${string}` => `0x${n.toString(16).padStart(64, '0')}`;

async function commands(domain: `0x${string}`): Promise<readonly Uint8Array[]> {
  const validUntil = START + 600;
  const register = {
    type: 'register',
    participant: doctor.address,
    keyDocument: word(1),
    organisation: noOrganisation,
    roles: ['patient', 'provider'],
    clearance: 'private',
    person: word(2),
    validUntil,
  } as const;
  const request = { type: 'requestAccess', actor: doctor.address, patient: doctor.address, validUntil } as const;
  const fields = { level: 'low', newData: true, until: validUntil } as const;
  return Promise.all([
    signCommand(register, domain, official, doctor),
    ...Array.from({ length: SIZE - 1 }, (_, i) =>
      signCommand({ ...request, ...fields, terms: word(i) }, domain, doctor),
    ),
  ]);
}

describe.skipIf(reason !== undefined)('a local ledger, seen with the packages of Go and transparency-dev', () => {
  const program = join(folder, 'tlog');
  const published = join(folder, 'published');
  let ledger: LocalLedger;
  let ids: CommandId[];
  let half: string;

  const check = (...args: readonly string[]): { status: number | null; output: string } => {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    return { status, output: stdout + stderr };
  };
  /** Until the last checkpoint is there, with the cosignatures that it has. */
  const isPublished = (): Promise<boolean> =>
    vi.waitUntil(() => {
      const path = join(published, 'checkpoint');
      return existsSync(path) && readFileSync(path, 'utf8') === ledger.checkpoint();
    }, 60_000);
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  beforeAll(async () => {
    const env = { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly -buildvcs=false' };
    const { status, stderr } = spawnSync('go', ['build', '-o', program, '.'], { cwd: module, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`go build ended with ${status}: ${stderr}`);

    ledger = await localLedger({
      path: join(folder, 'ledger'),
      create: true,
      authority: { threshold: 1, keys: [official.address] },
      salt: word(3),
      key: { secret: () => secret },
      clock: () => START,
      publish: { directory: published, delay: 0, onError: (error) => expect.unreachable(String(error)) },
    });
    const all = await commands(ledger.genesis.domain);
    const submit = async (wires: readonly Uint8Array[]): Promise<CommandId[]> => {
      const submissions = await Promise.all(wires.map((wire) => ledger.submit(wire)));
      return submissions.map(({ id }) => id);
    };
    ids = await submit(all.slice(0, SIZE / 2));
    half = ledger.checkpoint();
    ids.push(...(await submit(all.slice(SIZE / 2))));
    await isPublished();
  });
  afterAll(() => ledger[Symbol.asyncDispose]());

  it('shows every entry, and sizes that continue each other', () => {
    expect(check('log', published, ledger.verifierKey)).toEqual({
      status: 0,
      output: '600 entries, 91 pairs of sizes, 0 cosignatures\n',
    });
  });

  it('proves its entries', async () => {
    for (const index of [0, 1, 255, 256, 511, SIZE - 1]) {
      const id = ids[index] ?? '0x';
      const proof = await ledger.prove(id);
      const { output } = check('proof', file('proof', proof), ledger.verifierKey);
      expect(output).toMatch(new RegExp(`^entry ${index} of 600, \\d+ bytes, 0 cosignatures\n$`));
      const own = verifyProof(proof, { verifiers: [noteVerifier(ledger.verifierKey)], genesis: ledger.genesis });
      expect([own.id, own.index]).toEqual([id, index]);
      const altered = file('altered-proof', Buffer.from(proof).toString().replace(`index ${index}`, 'index 77'));
      expect(check('proof', altered, ledger.verifierKey)).toMatchObject({
        status: 1,
        output: expect.stringMatching(/invalid transparency proof|inconsistent/),
      });
    }
  });

  describe('damaged', () => {
    const damages: readonly (readonly [what: string, says: RegExp, damage: (copy: string) => void])[] = [
      ['an altered tile', /entry 256: /, (copy) => alter(join(copy, 'tile/0/001'))],
      ['an altered tile above', /downloaded inconsistent tile/, (copy) => alter(join(copy, 'tile/1/000.p/2'))],
      ['an altered entry', /entry 255: /, (copy) => alter(join(copy, 'tile/entries/000'))],
      ['an altered last entry', /entry 599: /, (copy) => alter(join(copy, 'tile/entries/002.p/88'))],
      ['a checkpoint of another root', /inconsistent tile/, (copy) => otherCheckpoint(copy, SIZE)],
      ['a checkpoint of a larger log', /no such file/, (copy) => otherCheckpoint(copy, SIZE + 1)],
      ['an altered signature', /invalid signature|malformed note/, (copy) => alter(join(copy, 'checkpoint'), 4)],
      ['no bundle of entries', /no such file/, (copy) => rmSync(join(copy, 'tile/entries/001'))],
    ];

    function alter(path: string, fromEnd = 1): void {
      const bytes = readFileSync(path);
      bytes[bytes.length - fromEnd] = (bytes.at(-fromEnd) ?? 0) ^ 1;
      writeFileSync(path, bytes);
    }

    function otherCheckpoint(copy: string, size: number): void {
      const { origin } = parseCheckpoint(half.slice(0, half.indexOf('\n\n') + 1));
      const note = checkpointText({ origin, size, root: leafHash(Uint8Array.of(1)) });
      writeFileSync(join(copy, 'checkpoint'), signNote(note, [ed25519NoteSigner({ name: origin, secretKey: secret })]));
    }

    it.each(damages)('with %s it is refused', (what, says, damage) => {
      const copy = join(folder, what.replaceAll(' ', '-'));
      cpSync(published, copy, { recursive: true });
      damage(copy);
      const { status, output } = check('log', copy, ledger.verifierKey);
      expect(output).toMatch(says);
      expect(status).toBe(1);
    });

    it('is refused with another key', () => {
      const [name = ''] = ledger.verifierKey.split('+');
      const { verifierKey } = ed25519NoteSigner({ name, secretKey: new Uint8Array(32) });
      expect(check('log', published, verifierKey)).toMatchObject({
        status: 1,
        output: expect.stringMatching(/no verifiable signatures/),
      });
    });
  });

  it('carries our cosignatures, which are verified there', async () => {
    const signer = ed25519WitnessSigner({ name: 'witness.example/ours', secretKey: new Uint8Array(32).fill(4) });
    const state = { load: () => Promise.resolve(undefined), save: () => Promise.resolve() };
    const verifiers = [noteVerifier(ledger.verifierKey)];
    const cosigned = await askWitness(ledger, witness({ signer, verifiers, state, clock: () => START }));
    ledger.addCosignature(cosigned, [witnessVerifier(signer.verifierKey)]);
    await isPublished();
    expect(check('log', published, ledger.verifierKey, signer.verifierKey).output).toMatch(/, 1 cosignatures\n$/);
    const proof = file('cosigned-proof', await ledger.prove(ids[7] ?? '0x'));
    expect(check('proof', proof, ledger.verifierKey, signer.verifierKey).output).toMatch(/, 1 cosignatures\n$/);
    const other = ed25519WitnessSigner({ name: 'witness.example/other', secretKey: new Uint8Array(32).fill(5) });
    expect(check('log', published, ledger.verifierKey, other.verifierKey).output).toMatch(/1 of 2 signatures/);
  });

  describe('with their witness', () => {
    const seed = new Uint8Array(32).fill(6);
    const name = 'witness.example/theirs';
    const theirs = ed25519WitnessSigner({ name, secretKey: seed });
    const [, id = ''] = theirs.verifierKey.split('+');
    const secretKey = `PRIVATE+KEY+${name}+${id}+${Buffer.from([4, ...seed]).toString('base64')}`;
    const ask = (request: string, old: string): ReturnType<typeof check> =>
      check('cosign', file('request', request), old, ledger.verifierKey, secretKey);

    it('continues from a checkpoint that it saw, and is believed here', async () => {
      const request = encodeWitnessRequest(await witnessRequest(ledger, SIZE / 2));
      const { status, output } = ask(request, file('half', half));
      expect([status, output]).toEqual([0, expect.stringContaining(`— ${name} `)]);
      const found = cosignatures(output, [witnessVerifier(theirs.verifierKey)]);
      expect(found).toEqual([{ name, time: expect.closeTo(Date.now() / 1000, -2) }]);
      expect(ledger.addCosignature(output, [witnessVerifier(theirs.verifierKey)])).toContain(`— ${name} `);
    });

    it('refuses the request that begins at another log', async () => {
      const request = encodeWitnessRequest(await witnessRequest(ledger, SIZE / 2));
      const checkpoint = parseCheckpoint(half.slice(0, half.indexOf('\n\n') + 1));
      const key = ed25519NoteSigner({ name: checkpoint.origin, secretKey: secret });
      const other = signNote(checkpointText({ ...checkpoint, root: leafHash(Uint8Array.of(2)) }), [key]);
      const { status, output } = ask(request, file('other-half', other));
      expect([status, output]).toEqual([1, expect.stringMatching(/invalid transparency proof|inconsistent/)]);
    });

    it('takes the checkpoint with all signatures that it has', () => {
      const signed = addSignatures(half, signNote('x\n', [ed25519NoteSigner({ name: 'a', secretKey: seed })]).slice(3));
      expect(ask(`old 0\n\n${signed}`, '-')).toMatchObject({ status: 0 });
    });
  });

  it('reads back from its tiles, entry for entry', async () => {
    const log = await readTiles(published, { verifiers: [noteVerifier(ledger.verifierKey)] });
    const entries = await Array.fromAsync(ledger.entries());
    const bytes = await Array.fromAsync(log.entries());
    expect(bytes.map((entry) => toHex(entry))).toEqual(entries.map((entry) => toHex(encodeEntry(entry))));
    expect(bytes).toHaveLength(SIZE);
  });
});
