import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { UnknownSubmissionError } from '@medseal/core/adapter';
import { type CommandId, isMedsealError, toHex, verifyCommand } from '@medseal/protocol';
import { verifyLedger } from '../src/ledger/checking/verify-ledger.ts';
import { LocalLedger, localLedger } from '../src/ledger/local-ledger.ts';
import { openParts } from '../src/ledger/open-ledger.ts';
import { authority, collect, doctor, grant, numbered, patient, registration, request, START } from './ledger-world.ts';

const clocks = { threads: 0, clock: () => START, monotonic: () => 0 };
const validUntil = START + 600;
/** The files of a ledger that hold its entries, or the note of how many there are. */
export const suffixes = ['', '-wal', '-head'] as const;
export type LedgerSuffix = (typeof suffixes)[number];

async function fill(ledger: LocalLedger, from: number, to: number): Promise<void> {
  const { domain } = ledger.genesis;
  if (from === 0) for (const who of [patient, doctor]) await ledger.submit(await registration(who, domain, validUntil));
  for (let n = from; n < to; n++) await ledger.submit(await (n % 2 === 0 ? request : grant)(n, domain, validUntil));
}

/** A writer that carries changes over to the tables of ids and state as soon as there are a few. */
async function openWriter(path: string): Promise<LocalLedger> {
  const options = { path, create: true, authority, ...clocks };
  return new LocalLedger(await openParts(options, { carryOverFrom: 6 }), options);
}

/**
 * A ledger as a killed writer leaves it: some entries in the file, some in the write-ahead log. Small pages keep it
 * small, so that every byte of it can be tried.
 */
export async function abandonedLedger(path: string, inFile: number, inLog: number): Promise<void> {
  const origin = `${path}-origin`;
  await using first = await openWriter(origin);
  await fill(first, 0, inFile);
  await first[Symbol.asyncDispose]();
  using database = new DatabaseSync(origin);
  database.exec('PRAGMA journal_mode=DELETE; PRAGMA page_size=512; VACUUM; PRAGMA journal_mode=WAL');
  database.close();
  await using second = await openWriter(origin);
  await fill(second, inFile, inFile + inLog);
  for (const suffix of suffixes)
    if (existsSync(`${origin}${suffix}`)) copyFileSync(`${origin}${suffix}`, `${path}${suffix}`);
}

/** All that a ledger says of itself, in one text. Throws what opening, reading and `verify` throw. */
export async function answersOf(path: string): Promise<string> {
  const answers: unknown[] = [];
  await using ledger = await localLedger({ path, readOnly: true, ...clocks });
  answers.push(ledger.genesis, ledger.verifierKey, ledger.checkpoint(), await ledger.head());
  for (const { wire, ...entry } of await collect(ledger.entries())) {
    answers.push({ ...entry, wire: toHex(wire) });
    const verified = verifyCommand(wire, ledger.genesis, { signatures: 'assume' });
    if ('id' in verified) answers.push(await ledger.submission(verified.id).committed());
  }
  for (const n of [1, 2, 3]) answers.push(await unknown(ledger, numbered(n)));
  answers.push(await verifyLedger(path, { signatures: 'assume', threads: 0 }));
  return JSON.stringify(answers);
}

/** What it says of a command that it does not hold. */
async function unknown(ledger: LocalLedger, id: CommandId): Promise<unknown> {
  try {
    return await ledger.submission(id).committed();
  } catch (error) {
    if (error instanceof UnknownSubmissionError) return 'unknown';
    throw error;
  }
}

/** A file of a ledger whose bytes are changed one at a time. */
export class DamagedFile {
  readonly #path: string;
  readonly #file: string;
  readonly #bytes: Uint8Array;

  constructor(path: string, suffix: LedgerSuffix) {
    this.#path = path;
    this.#file = `${path}${suffix}`;
    this.#bytes = readFileSync(this.#file);
  }

  get length(): number {
    return this.#bytes.length;
  }

  /**
   * Changes one byte, asks the ledger everything, and puts the byte back. Gives `undefined` when the damage was named
   * by a typed error or changed nothing, and otherwise what went wrong.
   */
  async fault(offset: number, by: number, expected: string): Promise<string | undefined> {
    const damaged = Uint8Array.from(this.#bytes);
    damaged[offset] = (damaged[offset] ?? 0) ^ by;
    writeFileSync(this.#file, damaged);
    rmSync(`${this.#path}-shm`, { force: true });
    try {
      return (await answersOf(this.#path)) === expected ? undefined : 'other answers';
    } catch (error) {
      return isMedsealError(error) ? undefined : `not typed: ${String(error)}`;
    } finally {
      writeFileSync(this.#file, this.#bytes);
    }
  }
}
