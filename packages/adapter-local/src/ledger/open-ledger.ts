import { existsSync } from 'node:fs';
import { WrongLedgerError } from '@medseal/core/adapter';
import { authorityDigest } from '@medseal/protocol';
import { Closers } from './database/closers.ts';
import { HighWaterMark } from './database/high-water.ts';
import { type LedgerFile, openLedgerFile } from './database/ledger-file.ts';
import { resolvePath } from './database/resolve-path.ts';
import { lockWriter } from './database/writer-lock.ts';
import { LedgerPathError } from './errors.ts';
import type { LocalLedgerOptions } from './options.ts';
import { LogReader } from './reading/log-reader.ts';
import { type CheckpointKey, checkpointKey } from './writing/checkpoint-key.ts';
import { CommandVerifier } from './writing/command-verifier.ts';
import { createLocked } from './writing/create-ledger.ts';
import { DurableCommits } from './writing/durable-commits.ts';
import { keyPath, readKeyFile } from './writing/key-file.ts';
import { LedgerClock } from './writing/ledger-clock.ts';
import { LedgerWriter } from './writing/ledger-writer.ts';
import { LogSync } from './writing/log-sync.ts';

/** What writes; a ledger opened for reading has none. */
export interface WriterParts {
  readonly writer: LedgerWriter;
  readonly commits: DurableCommits;
  readonly verifier: CommandVerifier;
  readonly clock: LedgerClock;
}

/** A ledger's open parts, and what ends them. */
export interface OpenParts extends AsyncDisposable {
  readonly file: LedgerFile;
  readonly reader: LogReader;
  readonly writing: WriterParts | undefined;
}

export interface WriterTuning {
  /** Changes of ids and state from which on they are carried over to their tables. */
  readonly carryOverFrom?: number | undefined;
}

/** Opens the files of a ledger, and makes it first where that is asked for. */
export async function openParts(options: LocalLedgerOptions, tuning: WriterTuning = {}): Promise<OpenParts> {
  const path = resolvePath(options.path);
  const readOnly = options.readOnly === true;
  const closers = new Closers();
  try {
    if (!readOnly) closers.use(lockWriter(path));
    if (!existsSync(path)) await makeOrFail(path, options);
    const file = openLedgerFile(path, { readOnly, domain: options.domain });
    closers.defer(() => file.database.close());
    requireAuthority(file, options);
    const reader = new LogReader(file);
    const parts = readOnly ? undefined : await openWriter(file, reader, { ...options, ...tuning }, closers);
    return { file, reader, writing: parts, [Symbol.asyncDispose]: () => closers[Symbol.asyncDispose]() };
  } catch (error) {
    await closers[Symbol.asyncDispose]();
    throw error;
  }
}

async function makeOrFail(path: string, { create, authority, salt, key, readOnly }: LocalLedgerOptions): Promise<void> {
  if (create !== true || readOnly === true) throw new LedgerPathError('LEDGER_ABSENT', path);
  if (authority === undefined) throw new TypeError('A ledger is made with an authority');
  await createLocked({ path, authority, salt, key });
}

async function openWriter(
  file: LedgerFile,
  reader: LogReader,
  options: LocalLedgerOptions & WriterTuning,
  closers: Closers,
): Promise<WriterParts> {
  const { clock = () => Math.floor(Date.now() / 1000), monotonic = () => performance.now() } = options;
  const accepted = options.acceptClock === true;
  const ledgerClock = new LedgerClock({ clock, monotonic }, reader.last()?.time ?? 0, { accepted });
  const key = await keyOf(file, options);
  const writer = new LedgerWriter(file, { key, clock: ledgerClock, carryOverFrom: options.carryOverFrom });
  const sync = closers.use(new LogSync(file.path));
  const mark = closers.use(new HighWaterMark(file.path));
  const commits = new DurableCommits({ database: file.database, writer, sync, mark });
  reader.release(commits.released);
  commits.onReleased((head) => reader.release(head));
  const verifier = closers.use(await CommandVerifier.start(file.genesis, options.threads));
  return { writer, commits, verifier, clock: ledgerClock };
}

async function keyOf(file: LedgerFile, { key: source }: LocalLedgerOptions): Promise<CheckpointKey> {
  const own = source !== undefined && 'secret' in source;
  const secret = own ? await source.secret() : readKeyFile(source?.file ?? keyPath(file.path));
  const key = checkpointKey(file.origin, secret);
  if (key.verifierKey !== file.verifierKey)
    throw new WrongLedgerError('The key is not that of the checkpoints of this ledger');
  return key;
}

function requireAuthority({ genesis }: LedgerFile, { authority }: LocalLedgerOptions): void {
  if (authority !== undefined && authorityDigest(authority) !== authorityDigest(genesis.authority))
    throw new WrongLedgerError('The ledger has another authority');
}
