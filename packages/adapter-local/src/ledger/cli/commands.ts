import { requireWitnessPolicy } from '@medseal/core/tlog';
import { checkAuthority } from '@medseal/protocol';
import { rebuildLedger } from '../../rebuilding/rebuild-ledger.ts';
import { verifyLedger, type VerifyLedgerOptions } from '../checking/verify-ledger.ts';
import { writeBackup } from '../copying/backup-ledger.ts';
import { restoreLedger } from '../copying/restore-ledger.ts';
import { localLedger } from '../local-ledger.ts';
import { createLedger } from '../writing/create-ledger.ts';
import type { LedgerCliIo } from './cli-io.ts';
import { requireUsable, UsageError } from './exit-codes.ts';
import type { Arguments, OptionName } from './read-arguments.ts';

type Run = (args: Arguments, io: LedgerCliIo) => Promise<void>;

interface LedgerCommand {
  /** Options that mean something to it, besides those that every command takes. */
  readonly takes: readonly OptionName[];
  readonly run: Run;
}

const EVERY_TAKES: readonly OptionName[] = ['quiet', 'help'];

const create: Run = async (args, io) => {
  const [path] = filesOf(args, 1);
  const keys = args.keys.toSorted((a, b) => (a < b ? -1 : 1));
  if (keys.length === 0) throw new UsageError('an authority has a key at least');
  const authority = { threshold: args.threshold ?? keys.length, keys };
  requireUsable(() => checkAuthority(authority));
  await createLedger({ path, authority });
  await using ledger = await localLedger({ path, readOnly: true });
  print(io, { ...ledger.genesis, verifierKey: ledger.verifierKey });
};

const verify: Run = async (args, io) => {
  const [path] = filesOf(args, 1);
  const { checkpoint, ...report } = await verifyLedger(path, checking(args, io));
  print(io, { ...report, checkpoint: checkpoint.split('\n') });
};

const checkpoint: Run = async (args, io) => {
  const [path] = filesOf(args, 1);
  await using ledger = await localLedger({ path, readOnly: true, domain: args.domain });
  io.write(ledger.checkpoint());
};

const backup: Run = async (args, io) => {
  const [path, to] = filesOf(args, 2);
  const onProgress = (part: number): void => progress(args, io, part);
  const entries = await writeBackup(path, to, { signal: io.signal, onProgress });
  io.say(`backed up ${entries} entries to ${to}`);
};

const restore: Run = async (args, io) => {
  const [from, path] = filesOf(args, 2);
  const { entries } = await restoreLedger(from, path, { ...checking(args, io), replace: args.replace });
  io.say(`restored ${entries} entries`);
};

const rebuild: Run = async (args, io) => {
  const [tiles, path] = filesOf(args, 2);
  const { signal, domain, onProgress } = checking(args, io);
  const { replace, witnesses } = args;
  requireUsable(() => requireWitnessPolicy({ witnesses, quorum: 0 }));
  const { entries } = await rebuildLedger(tiles, path, { signal, domain, onProgress, replace, witnesses });
  io.say(`rebuilt ${entries} entries`);
};

const ledgerCommands: ReadonlyMap<string, LedgerCommand> = new Map<string, LedgerCommand>([
  ['create', { run: create, takes: ['key', 'threshold'] }],
  ['verify', { run: verify, takes: ['domain', 'assume-signatures'] }],
  ['checkpoint', { run: checkpoint, takes: ['domain'] }],
  ['backup', { run: backup, takes: [] }],
  ['restore', { run: restore, takes: ['domain', 'assume-signatures', 'replace'] }],
  ['rebuild', { run: rebuild, takes: ['domain', 'replace', 'witness'] }],
]);

/** @throws UsageError for no command, an unknown one, and an option that would do nothing to it. */
export async function runCommand(args: Arguments, io: LedgerCliIo): Promise<void> {
  const { command: name, given } = args;
  if (name === undefined) throw new UsageError('no command');
  const command = ledgerCommands.get(name);
  if (command === undefined) throw new UsageError('unknown command');
  const known: readonly string[] = [...EVERY_TAKES, ...command.takes];
  const other = given.find((option) => !known.includes(option));
  if (other !== undefined) throw new UsageError(`${name} takes no --${other}`);
  await command.run(args, io);
}

function filesOf({ files }: Arguments, count: 1): readonly [string];
function filesOf({ files }: Arguments, count: 2): readonly [string, string];
function filesOf({ files }: Arguments, count: 1 | 2): readonly string[] {
  if (files.length !== count) throw new UsageError(count === 1 ? 'one file is wanted' : 'two files are wanted');
  return files;
}

function checking(args: Arguments, io: LedgerCliIo): VerifyLedgerOptions {
  return {
    signal: io.signal,
    domain: args.domain,
    signatures: args.assumeSignatures ? 'assume' : 'check',
    onProgress: (done, entries) => progress(args, io, done / entries),
  };
}

function progress({ quiet }: Arguments, io: LedgerCliIo, part: number): void {
  if (!quiet) io.progress(`${Math.floor(part * 100)} %`);
}

function print(io: LedgerCliIo, value: unknown): void {
  io.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
