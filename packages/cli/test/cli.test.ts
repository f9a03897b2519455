import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CliIo, exitCodes, run } from '../src/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'medseal-cli-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);
const content = Buffer.from(Uint8Array.from({ length: 200_000 }, (_, index) => index * 13));

interface Outcome {
  readonly code: number;
  readonly out: Buffer;
  readonly said: string;
}

async function medseal(
  args: readonly string[],
  { stdin = new Uint8Array(), ...io }: Partial<Omit<CliIo, 'stdin'>> & { readonly stdin?: Uint8Array } = {},
): Promise<Outcome> {
  const out: Uint8Array[] = [];
  const said: string[] = [];
  async function* input(): AsyncGenerator<Uint8Array> {
    yield stdin;
  }
  const code = await run(args, {
    env: {},
    stdin: input(),
    async writeOut(bytes) {
      out.push(Uint8Array.from(bytes));
    },
    say: (line) => void said.push(line),
    async ask() {
      return undefined;
    },
    signal: new AbortController().signal,
    ...io,
  });
  return { code, out: Buffer.concat(out), said: said.join('\n') };
}

async function makeKey(name = 'my.key'): Promise<string> {
  const { code, out } = await medseal(['keygen', '-o', at(name)]);
  expect(code).toBe(exitCodes.done);
  return out.toString().trim();
}

describe('medseal', () => {
  it('seals to a key and opens, from file to file', async () => {
    writeFileSync(at('scan'), content);
    const publicKey = await makeKey();
    const sealing = await medseal([
      'seal',
      '-r',
      publicKey,
      '--type',
      'application/dicom',
      '-o',
      at('sealed'),
      at('scan'),
    ]);
    expect(sealing).toMatchObject({ code: 0, said: '' });
    expect(await medseal(['open', '-k', at('my.key'), '-o', at('back'), at('sealed')])).toMatchObject({
      code: 0,
      said: '',
    });
    expect(readFileSync(at('back')).equals(content)).toBe(true);
    for (const name of ['my.key', 'sealed', 'back']) expect(statSync(at(name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).toSorted()).toEqual(['back', 'my.key', 'scan', 'sealed']);
  });

  it('works as a filter, with a passphrase from the environment, a file or the terminal', async () => {
    const env = { MEDSEAL_PASSPHRASE: 'correct horse' };
    const sealed = await medseal(['seal', '-p'], { stdin: content, env });
    expect(sealed.code).toBe(0);
    writeFileSync(at('phrase'), 'correct horse\nsecond line\n');
    const fromFile = await medseal(['open', '--passphrase-file', at('phrase'), '-'], { stdin: sealed.out });
    expect(fromFile.out.equals(content)).toBe(true);
    const asked: string[] = [];
    const ask = async (question: string): Promise<string> => {
      asked.push(question);
      return 'correct horse';
    };
    const typed = await medseal(['open', '-p'], { stdin: sealed.out, ask });
    expect(typed.out.equals(content)).toBe(true);
    expect(asked).toEqual(['Passphrase: ']);
    const wrong = await medseal(['open', '-p'], { stdin: sealed.out, env: { MEDSEAL_PASSPHRASE: 'wrong horse' } });
    expect(wrong).toMatchObject({ code: exitCodes.unopened, out: Buffer.alloc(0) });
    expect(wrong.said).not.toContain('horse');
  });

  it('asks twice before it seals', async () => {
    const answers = ['one', 'other'];
    const ask = async (): Promise<string | undefined> => answers.shift();
    const outcome = await medseal(['seal', '-p', '-o', at('sealed')], { stdin: content, ask });
    expect(outcome).toMatchObject({ code: exitCodes.usage });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('inspects without a key', async () => {
    const publicKey = await makeKey();
    const sealed = await medseal(['seal', '-r', publicKey, '-r', await makeKey('other.key')], { stdin: content });
    const { code, out } = await medseal(['inspect'], { stdin: sealed.out });
    expect(code).toBe(0);
    expect(JSON.parse(out.toString())).toMatchObject({ suite: 1, stanzas: [{ type: 'x25519' }, { type: 'x25519' }] });
  });

  it('never prints a secret key', async () => {
    const { code, out, said } = await medseal(['keygen']);
    expect(code).toBe(exitCodes.usage);
    expect(out.toString() + said).not.toContain('secret-key-1:');
    const publicKey = await makeKey();
    expect(publicKey).toMatch(/^medseal-key-1:[0-9a-f]{64}$/);
    const secret = /medseal-secret-key-1:([0-9a-f]{64})/.exec(readFileSync(at('my.key'), 'utf8'))?.[1] ?? '';
    expect(secret).toHaveLength(64);
    expect(publicKey).not.toContain(secret);
    const misused = await medseal(['seal', '-r', `medseal-secret-key-1:${secret}`], { stdin: content });
    expect(misused.code).toBe(exitCodes.usage);
    expect(misused.said).not.toContain(secret);
    const unknown = await medseal(['open', `--pass=${secret}`]);
    expect(unknown.said).not.toContain(secret);
  });

  it.each<readonly [string, readonly string[]]>([
    ['no command', []],
    ['unknown command', ['encrypt']],
    ['more than one file', ['open', 'a', 'b']],
    ['seal to public keys', ['seal', 'a']],
    ['seal to public keys', ['seal', '-p', '-r', `medseal-key-1:${'00'.repeat(32)}`]],
    ['64 hexadecimal', ['seal', '-r', 'medseal-key-1:xyz']],
    ['unknown option', ['seal', '--strong']],
    ['open with one of', ['open', 'a']],
    ['open with one of', ['open', '-p', '-k', 'x']],
    ['the time must', ['seal', '-r', 'x', '--time', 'noon']],
    ['no terminal', ['open', '-p']],
  ])('says what is wrong: %s', async (words, args) => {
    const { code, said } = await medseal(args);
    expect({ code, said }).toEqual({ code: exitCodes.usage, said: expect.stringContaining(words) as string });
  });

  it('tells no sealed file, another key, damage and a missing file apart', async () => {
    const publicKey = await makeKey();
    await makeKey('other.key');
    const { out: sealed } = await medseal(['seal', '-r', publicKey], { stdin: content });
    const open = async (stdin: Uint8Array, key = 'my.key'): Promise<number> =>
      (await medseal(['open', '-k', at(key), '-o', at('back')], { stdin })).code;
    const damaged = Buffer.from(sealed);
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    expect(await open(content)).toBe(exitCodes.malformed);
    expect(await open(sealed, 'other.key')).toBe(exitCodes.unopened);
    expect(await open(damaged)).toBe(exitCodes.unopened);
    expect(await open(sealed.subarray(0, -1))).toBe(exitCodes.unopened);
    expect(await open(sealed.subarray(0, 300))).toBe(exitCodes.malformed);
    expect((await medseal(['open', '-k', at('my.key'), at('absent')])).code).toBe(exitCodes.failed);
    expect((await medseal(['open', '-k', at('absent')])).code).toBe(exitCodes.failed);
    expect(readdirSync(folder).toSorted()).toEqual(['my.key', 'other.key']);
  });

  it('replaces a file only when it is forced to, and leaves it alone when it fails', async () => {
    const publicKey = await makeKey();
    writeFileSync(at('sealed'), 'precious');
    const args = ['seal', '-r', publicKey, '-o', at('sealed')];
    expect((await medseal(args, { stdin: content })).code).toBe(exitCodes.failed);
    expect(readFileSync(at('sealed'), 'utf8')).toBe('precious');
    expect((await medseal(['open', '-f', '-k', at('my.key'), '-o', at('sealed')], { stdin: content })).code).toBe(3);
    expect(readFileSync(at('sealed'), 'utf8')).toBe('precious');
    expect((await medseal([...args, '-f'], { stdin: content })).code).toBe(0);
    expect(readdirSync(folder).toSorted()).toEqual(['my.key', 'sealed']);
  });

  it('leaves nothing when it is stopped', async () => {
    const publicKey = await makeKey();
    const abort = new AbortController();
    async function* silent(): AsyncGenerator<Uint8Array> {
      yield content;
      setTimeout(() => abort.abort(), 5);
      await new Promise(() => {});
    }
    const args = ['seal', '-r', publicKey, '-o', at('sealed')];
    const code = await run(args, {
      env: {},
      stdin: silent(),
      writeOut: () => Promise.resolve(),
      say: () => {},
      ask: () => Promise.resolve(undefined),
      signal: abort.signal,
    });
    expect(code).toBe(exitCodes.interrupted);
    expect(readdirSync(folder)).toEqual(['my.key']);
  });
});

describe('the program', () => {
  const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url));
  const program = ['--conditions=@medseal/source', bin];

  it('helps', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...program, '--help'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('medseal inspect');
  });

  it('removes its unfinished file when it is interrupted', async () => {
    const publicKey = await makeKey();
    const child = spawn(process.execPath, [...program, 'seal', '-r', publicKey, '-o', at('sealed')]);
    const ended = new Promise<number | null>((resolve) => {
      child.once('close', resolve);
    });
    child.stdin.on('error', () => {});
    child.stdin.write(Buffer.alloc(3_000_000));
    while (readdirSync(folder).length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill('SIGINT');
    expect(await ended).toBe(exitCodes.interrupted);
    expect(readdirSync(folder)).toEqual(['my.key']);
  });
});
