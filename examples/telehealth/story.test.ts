import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { fabricAvailable } from '@medseal/devnet';
import { describe, expect, it } from 'vitest';
import type { LedgerKind } from './options.ts';

const run = promisify(execFile);
const main = new URL('main.ts', import.meta.url).pathname;
const read = (name: string) => readFile(new URL(`golden/${name}.txt`, import.meta.url), 'utf8');
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

  it('explains itself, and refuses options that do not exist', async () => {
    const help = await run(process.execPath, ['--conditions=@medseal/source', main, '--help']);
    expect(help.stdout).toContain('--ledger fabric');
    const wrong = run(process.execPath, ['--conditions=@medseal/source', main, '--ledger', 'bitcoin']);
    await expect(wrong).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('--ledger takes local') });
  });
});
