import { cosignatures, type WitnessVerifier } from '@medseal/core/tlog';
import { decodeEntry, type EntryBody, type LedgerCode, type Verification } from '@medseal/protocol';
import { Closers } from '../ledger/database/closers.ts';
import { openLedgerFile } from '../ledger/database/ledger-file.ts';
import { LedgerCorruptError } from '../ledger/errors.ts';
import { addCosignature } from '../ledger/writing/add-cosignature.ts';
import type { CheckpointKey } from '../ledger/writing/checkpoint-key.ts';
import { CommandVerifier } from '../ledger/writing/command-verifier.ts';
import { LedgerClock } from '../ledger/writing/ledger-clock.ts';
import type { Intent, Outcome } from '../ledger/writing/batch.ts';
import { LedgerWriter } from '../ledger/writing/ledger-writer.ts';
import type { PublishedLog } from '../tiles/read-tiles.ts';

export interface AppendOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, entries: number) => void) | undefined;
  readonly threads?: number | undefined;
  /** Whose cosignatures are taken over. */
  readonly witnesses?: readonly WitnessVerifier[] | undefined;
}

/** Entries of one time at most that are committed together. */
const TOGETHER = 256;

/**
 * Has the writer of a new, empty ledger commit the entries of a log again, each at its time, and keeps the cosignatures
 * under the last checkpoint.
 *
 * @throws LedgerCorruptError naming the first entry that does not follow from the rules, or when they lead elsewhere.
 */
export async function appendLog(
  path: string,
  log: PublishedLog,
  key: CheckpointKey,
  { signal, onProgress, threads, witnesses = [] }: AppendOptions,
): Promise<void> {
  await using held = new Closers();
  const file = openLedgerFile(path, { readOnly: false });
  held.defer(() => file.database.close());
  let time = 0;
  const clock = new LedgerClock({ clock: () => time, monotonic: () => time * 1000 }, 0, { accepted: true });
  const writer = new LedgerWriter(file, { key, clock });
  const verifier = held.use(await CommandVerifier.start(file.genesis, threads));
  for await (const entries of ofOneTime(log.entries())) {
    signal?.throwIfAborted();
    const first = writer.head.size;
    const verified = await Promise.all(entries.map(({ wire }) => verifier.verify(wire)));
    const intents = entries.map((entry, i) => intentOf(entry, verified[i], first + i));
    time = requireForward(time, entries[0]?.time ?? time, first);
    for (const [i, outcome] of writer.commit(intents).entries()) requireSame(outcome, entries[i]?.violation, first + i);
    onProgress?.(writer.head.size, log.checkpoint.size);
  }
  if (writer.head.size !== log.checkpoint.size || Buffer.compare(writer.head.root, log.checkpoint.root) !== 0)
    throw new LedgerCorruptError('the entries do not lead to the published root');
  if (cosignatures(log.note, witnesses).length > 0) addCosignature(file, writer.head.size, log.note, witnesses);
}

async function* ofOneTime(all: AsyncIterable<Uint8Array>): AsyncGenerator<readonly EntryBody[]> {
  let together: EntryBody[] = [];
  for await (const bytes of all) {
    const entry = decodeEntry(bytes);
    if (together.length === TOGETHER || (together[0]?.time ?? entry.time) !== entry.time) {
      yield together;
      together = [];
    }
    together.push(entry);
  }
  if (together.length > 0) yield together;
}

function intentOf({ wire }: EntryBody, verified: Verification | undefined, seq: number): Intent {
  if (verified === undefined || 'outcome' in verified)
    throw new LedgerCorruptError(`a command is refused: ${verified?.code ?? 'not verified'}`, { seq });
  return { verified, wire };
}

function requireForward(before: number, time: number, seq: number): number {
  if (time < before) throw new LedgerCorruptError('time steps back', { seq });
  return time;
}

function requireSame(outcome: Outcome, violation: LedgerCode | undefined, seq: number): void {
  if (outcome.kind === 'failed') throw outcome.error;
  if (outcome.kind === 'known') throw new LedgerCorruptError('a command stands there twice', { seq });
  const says = outcome.kind === 'rejected' ? `rejected ${outcome.code}` : (outcome.receipt.violation ?? 'applied');
  if (says !== (violation ?? 'applied')) throw new LedgerCorruptError(`the rules say ${says}`, { seq });
}
