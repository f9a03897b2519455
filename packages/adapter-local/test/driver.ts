import { join } from 'node:path';
import { constants } from 'node:sqlite';
import type { LedgerDriver, LedgerUnderTest } from '@medseal/conformance';
import { verifyCommand } from '@medseal/protocol';
import { LocalLedger } from '../src/ledger/local-ledger.ts';
import { openParts } from '../src/ledger/open-ledger.ts';
import type { LocalLedgerOptions } from '../src/ledger/options.ts';
import { type TestFolder, testFolder } from './test-folder.ts';

const AT_ONCE = 'it reads the file at once, and waits for nobody';
/** Only signatures are waited for, and in line for them. */
const readAtOnce = { committed: AT_ONCE, final: AT_ONCE, entries: AT_ONCE, head: AT_ONCE, prove: AT_ONCE };

/** A ledger whose time is set by hand, and what looks behind it. */
export async function ledgerUnderTest(options: LocalLedgerOptions, start: number): Promise<LedgerUnderTest> {
  let time = start;
  const clocks = { clock: () => time, monotonic: () => time * 1000 };
  const all = { ...options, ...clocks };
  const parts = await openParts(all);
  const ledger = new LocalLedger(parts, all);
  if (parts.writing === undefined) throw new TypeError('A ledger under test is written to');
  const { writer, commits, verifier } = parts.writing;
  return {
    ledger,
    setTime: async (next) => {
      time = next;
    },
    sendRaw: async (wire) => {
      const verified = verifyCommand(wire, ledger.genesis);
      if ('outcome' in verified) return verified;
      const [outcome] = await commits.commit([{ verified, wire, repeat: true }]);
      if (outcome?.kind === 'rejected') return { outcome: 'rejected', code: outcome.code };
      if (outcome?.kind !== 'appended') throw new TypeError('A repeat is appended or rejected');
      const { violation } = outcome.receipt;
      return violation === undefined ? { outcome: 'applied' } : { outcome: 'violation', code: violation };
    },
    readState: async (key) => writer.readState(key),
    reopen: async () => {
      await ledger[Symbol.asyncDispose]();
      const again = { ...all, create: false };
      return new LocalLedger(await openParts(again), again);
    },
    cutOff: async () => {
      const { database } = parts.file;
      database.setAuthorizer(() => constants.SQLITE_DENY);
      return { [Symbol.asyncDispose]: async () => database.setAuthorizer(null) };
    },
    stall: async () => {
      const honest = verifier.verify.bind(verifier);
      const { promise, resolve } = Promise.withResolvers<void>();
      // As if its threads were busy.
      verifier.verify = (wire) => promise.then(() => honest(wire));
      const end = async (): Promise<void> => {
        verifier.verify = honest;
        resolve();
      };
      return { [Symbol.asyncDispose]: end };
    },
    beyond: { stall: readAtOnce },
    [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
  };
}

/** Ledgers in files of their own, in one folder that is gone at the end. */
export function localDriver(): LedgerDriver {
  let folder: Promise<TestFolder> | undefined;
  let made = 0;
  return {
    name: 'local',
    create: async ({ authority, time }) => {
      folder ??= testFolder();
      const path = join((await folder).path, `${made++}.ledger`);
      return ledgerUnderTest({ path, create: true, authority, threads: 0 }, time);
    },
    [Symbol.asyncDispose]: async () => (await folder)?.[Symbol.asyncDispose](),
  };
}
