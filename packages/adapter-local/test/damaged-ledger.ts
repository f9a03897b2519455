import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isMedsealError, toHex } from '@medseal/protocol';
import { verifyLedger } from '../src/ledger/checking/verify-ledger.ts';
import { type LocalLedger, localLedger } from '../src/ledger/local-ledger.ts';
import { authority, collect, doctor, grant, patient, registration, request, START } from './ledger-world.ts';

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

/**
 * A ledger as a killed writer leaves it: some entries in the file, some in the write-ahead log. Small pages keep it
 * small, so that every byte of it can be tried.
 */
export async function abandonedLedger(path: string, inFile: number, inLog: number): Promise<void> {
  const origin = `${path}-origin`;
  await using first = await localLedger({ path: origin, create: true, authority, ...clocks });
  await fill(first, 0, inFile);
  await first[Symbol.asyncDispose]();
  using database = new DatabaseSync(origin);
  database.exec('PRAGMA journal_mode=DELETE; PRAGMA page_size=512; VACUUM; PRAGMA journal_mode=WAL');
  database.close();
  await using second = await localLedger({ path: origin, ...clocks });
  await fill(second, inFile, inFile + inLog);
  for (const suffix of suffixes)
    if (existsSync(`${origin}${suffix}`)) copyFileSync(`${origin}${suffix}`, `${path}${suffix}`);
}

/** All that a ledger says of itself, in one text. Throws what opening, reading and `verify` throw. */
export async function answersOf(path: string): Promise<string> {
  const answers: unknown[] = [];
  await using ledger = await localLedger({ path, readOnly: true, ...clocks });
  answers.push(ledger.genesis, ledger.verifierKey, ledger.checkpoint(), await ledger.head());
  for (const { wire, ...entry } of await collect(ledger.entries())) answers.push({ ...entry, wire: toHex(wire) });
  answers.push(await verifyLedger(path, { signatures: 'assume', threads: 0 }));
  return JSON.stringify(answers);
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
