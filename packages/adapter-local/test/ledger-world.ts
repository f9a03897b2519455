import { join } from 'node:path';
import {
  type Authority,
  type Command,
  type CommandSigner,
  type Domain,
  type Hex,
  memorySigner,
  noOrganisation,
  signCommand,
  toHex,
} from '@medseal/protocol';
import { LocalLedger } from '../src/ledger/local-ledger.ts';
import { openParts, type WriterTuning } from '../src/ledger/open-ledger.ts';
import type { LocalLedgerOptions } from '../src/ledger/options.ts';
import { testFolder } from './test-folder.ts';

export const START = 1_800_000_000;

function signer(fill: number): CommandSigner {
  return memorySigner(new Uint8Array(32).fill(fill));
}

const officials = [signer(0x21), signer(0x22)].toSorted((a, b) => (a.address < b.address ? -1 : 1));
export const authority: Authority = { threshold: 2, keys: officials.map(({ address }) => address) };
export const patient: CommandSigner = signer(0x11);
export const doctor: CommandSigner = signer(0x12);

/** 32 bytes that follow from a number. */
export function numbered(n: number): Hex {
  const bytes = new Uint8Array(32).fill(0xa5);
  new DataView(bytes.buffer).setUint32(0, n);
  return toHex(bytes);
}

export function registration(who: CommandSigner, domain: Domain, validUntil: number): Promise<Uint8Array> {
  const command: Command = {
    type: 'register',
    participant: who.address,
    keyDocument: numbered(1),
    organisation: noOrganisation,
    roles: ['patient', 'provider'],
    clearance: 'private',
    person: `0x${who.address.slice(2).padEnd(64, '5')}`,
    validUntil,
  };
  return signCommand(command, domain, ...officials, who);
}

/** The doctor asks for access; one command for each number. */
export function request(n: number, domain: Domain, validUntil: number): Promise<Uint8Array> {
  const command: Command = {
    type: 'requestAccess',
    patient: patient.address,
    level: 'low',
    newData: true,
    until: validUntil + 86_400,
    terms: numbered(n),
    actor: doctor.address,
    validUntil,
  };
  return signCommand(command, domain, doctor);
}

/** The patient grants a request, which writes state. */
export function grant(n: number, domain: Domain, validUntil: number): Promise<Uint8Array> {
  const command: Command = {
    type: 'grantAccess',
    patient: patient.address,
    request: numbered(n),
    grantee: doctor.address,
    keyVersion: 1,
    scope: numbered(7),
    level: 'low',
    newData: true,
    until: validUntil + 86_400,
    consent: numbered(8),
    actor: patient.address,
    validUntil,
  };
  return signCommand(command, domain, patient);
}

/** A ledger in a folder of its own, with a clock set by hand. */
export interface LedgerWorld extends AsyncDisposable {
  readonly folder: string;
  readonly path: string;
  /** Ledger time and the monotonic clock. Both go on when `seconds` does. */
  readonly at: { seconds: number; monotonic: number };
  ledger: LocalLedger;
  /** Opens the ledger of this folder, once more or again. */
  open(options?: Partial<LocalLedgerOptions>): Promise<LocalLedger>;
  /** Closes it and opens it. */
  reopen(options?: Partial<LocalLedgerOptions>): Promise<LocalLedger>;
  readonly request: (n: number) => Promise<Uint8Array>;
  readonly grant: (n: number) => Promise<Uint8Array>;
  /** Registers both people. */
  populate(): Promise<void>;
}

export async function ledgerWorld(
  options: Partial<LocalLedgerOptions> = {},
  tuning: WriterTuning = {},
): Promise<LedgerWorld> {
  const folder = await testFolder();
  const path = join(folder.path, 'ledger');
  const at = { seconds: START, monotonic: 0 };
  const base = { path, threads: 0, clock: () => at.seconds, monotonic: () => at.monotonic };
  const open = async (more: Partial<LocalLedgerOptions> = {}): Promise<LocalLedger> => {
    const all = { ...base, ...options, ...more };
    return new LocalLedger(await openParts(all, tuning), all);
  };
  const ledger = await open({ create: true, authority });
  const { domain } = ledger.genesis;
  const world: LedgerWorld = {
    folder: folder.path,
    path,
    at,
    ledger,
    open,
    reopen: async (more) => {
      await world.ledger[Symbol.asyncDispose]();
      return (world.ledger = await open(more));
    },
    request: (n) => request(n, domain, at.seconds + 600),
    grant: (n) => grant(n, domain, at.seconds + 600),
    populate: async () => {
      for (const who of [patient, doctor]) await world.ledger.submit(await registration(who, domain, at.seconds + 600));
    },
    [Symbol.asyncDispose]: async () => {
      await world.ledger[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
  return world;
}

export async function collect<T>(source: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}
