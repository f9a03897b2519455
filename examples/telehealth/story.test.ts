import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { fabricAvailable } from '@medseal/devnet';
import { describe, expect, it } from 'vitest';
import type { LedgerKind } from './options.ts';

const run = promisify(execFile);
const main = new URL('main.ts', import.meta.url).pathname;
const read = (name: string) => readFile(new URL(`golden/${name}.txt`, import.meta.url), 'utf8');
const config = (name: string) => new URL(`../config/${name}.json`, import.meta.url).pathname;
const fabric = await fabricAvailable();
const LONG = 120_000;

/** The transcript of a whole run in a process of its own, without durations and ids. */
async function transcript(ledger: LedgerKind): Promise<string> {
  const args = ['--conditions=@medseal/source', main, '--plain', '--size', '8', '--ledger', ledger];
  return (await run(process.execPath, args, { timeout: LONG })).stdout;
}

async function golden(ledger: LedgerKind): Promise<string> {
  const story = (await read('transcript')).replace('the LEDGER ledger', `the ${ledger} ledger`);
  return ledger === 'local' ? story + (await read('evidence')) : story;
}

describe('the telehealth story', () => {
  // The transcripts of all ledgers differ in nothing but the ledger's name, and the evidence that only one can give.
  it.each(['memory', 'local', 'ethereum'] as const)(
    'is told on the %s ledger as on every other',
    async (ledger) => expect(await transcript(ledger)).toBe(await golden(ledger)),
    LONG,
  );

  it.skipIf(!fabric.ok)(
    `is told on the fabric ledger as on every other${fabric.ok ? '' : ` (skipped: ${fabric.reason})`}`,
    async () => expect(await transcript('fabric')).toBe(await golden('fabric')),
    LONG,
  );

  it(
    'is told on a configuration without a mirror, and says nothing of one',
    async () => {
      const args = ['--conditions=@medseal/source', main, '--plain', '--size', '1', '--config', config('memory')];
      const { stdout } = await run(process.execPath, args, { timeout: LONG });
      expect(stdout).toContain('6  Imaging: a CT series is sealed and opened');
      expect(stdout).toContain('the same, byte for byte');
      expect(stdout).not.toMatch(/copy|place/);
    },
    LONG,
  );

  it('names what is wrong with a configuration, without a stack', async () => {
    const args = ['--conditions=@medseal/source', main, '--config', config('local')];
    const { MEDSEAL_KEY_STORE: _, ...env } = process.env;
    const error: unknown = await run(process.execPath, args, { env }).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 1, stderr: expect.stringContaining('keys.passphrase: found') });
    expect(error).toMatchObject({ stderr: expect.not.stringContaining('    at ') });
  });

  it('explains itself, and refuses options that do not exist', async () => {
    const help = await run(process.execPath, ['--conditions=@medseal/source', main, '--help']);
    expect(help.stdout).toContain('--ledger fabric');
    const wrong = run(process.execPath, ['--conditions=@medseal/source', main, '--ledger', 'bitcoin']);
    await expect(wrong).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('--ledger takes local') });
  });
});
