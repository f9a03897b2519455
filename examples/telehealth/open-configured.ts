import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '@medseal/adapter-local';
import type { NetworkConfig } from '@medseal/core';
import { startLedger } from './ledgers/start-ledger.ts';
import type { Officials } from './officials.ts';
import type { Options } from './options.ts';

const ownConfig = fileURLToPath(new URL('config.json', import.meta.url));

/** A configuration to open, with the secrets that it refers to. Disposal ends and removes what was made for it. */
export interface Configured extends AsyncDisposable {
  readonly config: NetworkConfig;
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * The configuration of a file as it is; or the story's own in a folder that is removed afterwards, with the section
 * `ledger` of the kind that was asked for: the one line in which the ledgers differ.
 */
export async function openConfigured(
  { config: file, ledger }: Options,
  officials: Officials,
  onProgress: (text: string) => void,
): Promise<Configured> {
  if (file !== undefined) return { config: await readConfig(file), secrets: {}, [Symbol.asyncDispose]: async () => {} };
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'medseal-story-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  const started = undo.use(await startLedger(ledger, officials, { folder, onProgress }));
  const { section, secrets } = started;
  const config = { ...(await readConfig(ownConfig)), base: folder, ledger: section };
  const stack = undo.move();
  return { config, secrets, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
