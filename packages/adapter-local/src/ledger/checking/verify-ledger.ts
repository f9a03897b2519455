import { existsSync } from 'node:fs';
import { treeRoot } from '@medseal/core/tlog';
import { type Domain, type Hex, toHex, type Verification, verifyCommand } from '@medseal/protocol';
import { Closers } from '../database/closers.ts';
import { type LedgerFile, openLedgerFile } from '../database/ledger-file.ts';
import { resolvePath } from '../database/resolve-path.ts';
import { asLedgerError, guarded } from '../database/sqlite-errors.ts';
import { syncUnacknowledged } from '../database/sync-log.ts';
import { LedgerCorruptError, LedgerPathError } from '../errors.ts';
import type { Head } from '../reading/head.ts';
import { CommandVerifier } from '../writing/command-verifier.ts';
import { wasmKeccak } from '../writing/wasm-keccak.ts';
import { replayLog } from './replay-log.ts';
import { ReplayedState } from './replayed-state.ts';

export interface VerifyLedgerOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many entries are done, of how many. */
  readonly onProgress?: ((done: number, entries: number) => void) | undefined;
  /** `assume` leaves out the signatures of the commands, nearly all of the time that this takes. Default `check`. */
  readonly signatures?: 'check' | 'assume' | undefined;
  /** Domain that the ledger must have. */
  readonly domain?: Domain | undefined;
  /** Most threads for signatures; 0 for none, by default as `localLedger` has them. */
  readonly threads?: number | undefined;
}

/** What was found whole. */
export interface LedgerReport {
  readonly domain: Domain;
  readonly entries: number;
  readonly root: Hex;
  /** Time of the last entry, 0 for none. */
  readonly time: number;
  /** Objects that rules read. */
  readonly stateObjects: number;
  /** Different commands. */
  readonly commands: number;
  readonly checkpoint: string;
}

/**
 * Checks a ledger file from its first byte to its last, beside its writer if there is one: SQLite's own structures, the
 * signature of the checkpoint, every hash of the tree, every signature, every outcome by the rules, and every row of
 * state and ids against what follows from the log.
 *
 * @throws LedgerCorruptError naming the first fault, WrongLedgerError, LedgerPathError, LedgerUnavailableError.
 */
export async function verifyLedger(path: string, options: VerifyLedgerOptions = {}): Promise<LedgerReport> {
  options.signal?.throwIfAborted();
  const resolved = resolvePath(path);
  if (!existsSync(resolved)) throw new LedgerPathError('LEDGER_ABSENT', resolved);
  await using close = new Closers();
  const file = openLedgerFile(resolved, { readOnly: true, domain: options.domain });
  close.defer(() => file.database.close());
  const verify = await commandCheck(file, options, close);
  const state = close.use(new ReplayedState());
  const head = guarded(() => holdStill(file));
  try {
    const { time } = await replay(file, head, { state, verify, options });
    return guarded(() => ({
      domain: file.genesis.domain,
      entries: head.size,
      root: toHex(head.root),
      time,
      ...checkTables(file, head, state),
      checkpoint: head.note,
    }));
  } catch (error) {
    throw asLedgerError(error);
  }
}

/** All that follows sees one state of the file, while the writer goes on. */
function holdStill({ path, database, tables, openCheckpoint }: LedgerFile): Head {
  database.exec('BEGIN');
  const head = openCheckpoint(tables.commits.note());
  syncUnacknowledged(path, head.size);
  const found = database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'];
  if (found !== 'ok') throw new LedgerCorruptError(`SQLite finds: ${String(found)}`);
  return head;
}

type Verify = (wires: readonly Uint8Array[]) => Promise<readonly Verification[]>;

async function commandCheck(
  { genesis }: LedgerFile,
  { signatures = 'check', threads }: VerifyLedgerOptions,
  close: Closers,
): Promise<Verify> {
  if (signatures === 'assume') {
    const keccak256 = await wasmKeccak();
    return async (wires) => wires.map((wire) => verifyCommand(wire, genesis, { signatures, keccak256 }));
  }
  const verifier = close.use(await CommandVerifier.start(genesis, threads));
  return (wires) => Promise.all(wires.map((wire) => verifier.verify(wire)));
}

interface Replay {
  readonly state: ReplayedState;
  readonly verify: Verify;
  readonly options: VerifyLedgerOptions;
}

async function replay(
  file: LedgerFile,
  head: Head,
  { state, verify, options }: Replay,
): Promise<{ readonly time: number }> {
  const onBatch = (entries: number): void => {
    options.signal?.throwIfAborted();
    options.onProgress?.(entries, head.size);
  };
  const { edge, time } = await replayLog(file, { size: head.size, state, verify, onBatch });
  if (Buffer.compare(edge.root(), head.root) !== 0)
    throw new LedgerCorruptError('the entries do not lead to the signed root');
  return { time };
}

function checkTables(
  { tables, tail, openCheckpoint }: LedgerFile,
  { size }: Head,
  state: ReplayedState,
): { readonly stateObjects: number; readonly commands: number } {
  if (tables.entries.count() !== size) throw new LedgerCorruptError('there are rows that belong to no entry');
  for (const note of tables.cosigned.all()) {
    const cosigned = openCheckpoint(note);
    if (cosigned.size > size || Buffer.compare(treeRoot(cosigned.size, tables.hashes.get), cosigned.root) !== 0)
      throw new LedgerCorruptError('a cosigned checkpoint is not of this log');
  }
  tail.follow(size);
  return { stateObjects: state.compare('state', tail.state), commands: state.compare('ids', tail.ids) };
}
