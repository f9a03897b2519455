import { exec, type ExecException, execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { noteVerifier, openCheckpoint } from '@medseal/core/tlog';
import { expect, test } from 'vitest';
import { authority, ledgerWorld } from '../../../test/ledger-world.ts';
import { testFolder } from '../../../test/test-folder.ts';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';

interface Said {
  readonly code: number;
  readonly out: string;
  readonly lines: readonly string[];
}

async function medsealLedger(args: readonly string[], signal = new AbortController().signal): Promise<Said> {
  let out = '';
  const lines: string[] = [];
  const code = await run(args, {
    write: (text) => void (out += text),
    say: (line) => void lines.push(line),
    progress: () => {},
    signal,
  });
  return { code, out, lines };
}

test('makes, shows, verifies, backs up and restores a ledger', async () => {
  await using folder = await testFolder();
  const path = `${folder.path}/ledger`;
  const keys = authority.keys.flatMap((key) => ['-k', key]);
  const made = await medsealLedger(['create', path, ...keys]);
  expect(made).toMatchObject({ code: 0, lines: [] });
  const genesis = JSON.parse(made.out) as { domain: string; verifierKey: string };
  expect(genesis).toMatchObject({ authority, protocolVersion: 1 });
  const shown = await medsealLedger(['checkpoint', path, '--domain', genesis.domain]);
  expect(openCheckpoint(shown.out, [noteVerifier(genesis.verifierKey)])).toMatchObject({ size: 0 });
  const verified = await medsealLedger(['verify', path, '--assume-signatures']);
  expect(JSON.parse(verified.out)).toMatchObject({ domain: genesis.domain, entries: 0 });
  const backedUp = { code: 0, out: '', lines: [`backed up 0 entries to ${path}.backup`] };
  expect(await medsealLedger(['backup', path, `${path}.backup`])).toEqual(backedUp);
  expect(await medsealLedger(['restore', `${path}.backup`, path])).toMatchObject({ code: exitCodes.wrong });
  expect(await medsealLedger(['restore', `${path}.backup`, path, '--replace'])).toMatchObject({ code: 0 });
});

test('says by its exit code what went wrong', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const { path } = world;
  const none = `${path}-none`;
  expect(await medsealLedger(['restore', path, path, '--replace'])).toMatchObject({ code: exitCodes.locked });
  expect(await medsealLedger(['verify', none])).toMatchObject({ code: exitCodes.wrong });
  expect(await medsealLedger(['verify', path, '-d', `0x${'00'.repeat(32)}`])).toMatchObject({ code: exitCodes.wrong });
  expect(await medsealLedger(['create', path, '-k', '0x12'])).toMatchObject({ code: exitCodes.usage });
  const many = authority.keys.flatMap((key) => ['-k', key]);
  expect(await medsealLedger(['create', none, ...many, '-m', '3'])).toMatchObject({ code: exitCodes.usage });
  for (const args of [[], ['frobnicate'], ['verify'], ['verify', path, path], ['create', none], ['verify', '--no']])
    expect(await medsealLedger(args)).toMatchObject({ code: exitCodes.usage, out: '' });
  await world.ledger[Symbol.asyncDispose]();
  await writeFile(`${path}-head`, new Uint8Array(600).fill(7));
  expect(await medsealLedger(['verify', path])).toMatchObject({ code: 0 });
  const bytes = await readFile(path);
  await writeFile(path, bytes.fill(0xee, 4_096));
  expect(await medsealLedger(['verify', path])).toMatchObject({ code: exitCodes.damaged });
  const stopped = await medsealLedger(['verify', path], AbortSignal.abort(new Error('stopped')));
  expect(stopped).toMatchObject({ code: exitCodes.interrupted, lines: ['medseal-ledger: stopped'] });
});

test('tells how many entries were backed up, also when they become more meanwhile', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const wire = await world.request(1);
  let more: Promise<unknown> | undefined;
  const lines: string[] = [];
  const to = `${world.path}.backup`;
  const code = await run(['backup', world.path, to], {
    write: () => {},
    say: (line) => void lines.push(line),
    progress: () => void (more ??= world.ledger.submit(wire)),
    signal: new AbortController().signal,
  });
  await more;
  expect({ code, lines }).toEqual({ code: 0, lines: [`backed up 2 entries to ${to}`] });
  const { out } = await medsealLedger(['verify', world.path, '--assume-signatures', '--quiet']);
  expect(JSON.parse(out)).toMatchObject({ entries: 3 });
});

test('refuses an option that would do nothing, and says which', async () => {
  await using folder = await testFolder();
  const path = `${folder.path}/ledger`;
  const keys = authority.keys.flatMap((key) => ['-k', key]);
  const domain = ['--domain', `0x${'00'.repeat(32)}`];
  const wrong: readonly (readonly [readonly string[], string])[] = [
    [['rebuild', folder.path, path, '--assume-signatures'], 'rebuild takes no --assume-signatures'],
    [['create', path, ...keys, '--replace'], 'create takes no --replace'],
    [['create', path, ...keys, ...domain], 'create takes no --domain'],
    [['verify', path, '-m', '1'], 'verify takes no --threshold'],
    [['checkpoint', path, '--assume-signatures'], 'checkpoint takes no --assume-signatures'],
    [['backup', path, `${path}.backup`, '--replace'], 'backup takes no --replace'],
    [['restore', path, path, ...keys], 'restore takes no --key'],
    [['verify', path, '--frobnicate'], "wrong arguments: Unknown option '--frobnicate'"],
    [['frobnicate', '--replace'], 'unknown command'],
  ];
  for (const [args, line] of wrong)
    expect(await medsealLedger(args), args.join(' ')).toEqual({
      code: exitCodes.usage,
      out: '',
      lines: [`medseal-ledger: ${line}; see medseal-ledger --help`],
    });
  expect(existsSync(path)).toBe(false);
  expect(await medsealLedger(['create', path, ...keys, '--quiet'])).toMatchObject({ code: 0 });
});

const bin = fileURLToPath(new URL('bin.ts', import.meta.url));

test('tells by its exit code when its output could not be written, and of nothing that it could not say', async () => {
  await using folder = await testFolder();
  const program = `"${process.execPath}" --conditions=@medseal/source "${bin}"`;
  const exit = async (command: string): Promise<unknown> =>
    promisify(exec)(command, { cwd: folder.path }).then(
      () => 0,
      (error: unknown) => (error as ExecException).code,
    );
  const [key] = authority.keys;
  expect(await exit(`${program} create ledger -k ${key} > /dev/full`)).toBe(exitCodes.failed);
  expect(await exit(`${program} backup ledger backup 2> /dev/full`)).toBe(exitCodes.done);
  expect(await exit(`${program} backup ledger backup 2> /dev/full`)).toBe(exitCodes.wrong);
});

test('runs as a program', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@medseal/source', bin, '--help']);
  expect(stdout).toMatch(/medseal-ledger create/);
});
