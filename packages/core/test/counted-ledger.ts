import { recoverSigner, type RecoverSigner } from '@medseal/protocol';
import type { EntriesOptions, Ledger, LedgerEntry } from '../src/ports/ledger.ts';

/** A ledger that counts what is read from it, and can be made to show another log. */
export interface CountedLedger extends Ledger {
  /** Entries handed out. */
  read: number;
  /** Readings that follow and have not ended. */
  following: number;
  /** What it shows in place of the log. */
  log: readonly LedgerEntry[] | undefined;
  /** What reading fails with. */
  failure: Error | undefined;
}

export function countedLedger(ledger: Ledger): CountedLedger {
  const counted = Object.assign(Object.create(ledger) as Ledger, {
    read: 0,
    following: 0,
    log: undefined as readonly LedgerEntry[] | undefined,
    failure: undefined as Error | undefined,
    async *entries(options: EntriesOptions = {}): AsyncGenerator<LedgerEntry> {
      if (counted.failure !== undefined) throw counted.failure;
      const { log } = counted;
      const after = log?.findIndex(({ cursor }) => cursor === options.after) ?? 0;
      if (options.follow === true) counted.following += 1;
      try {
        for await (const entry of log?.slice(after + 1) ?? ledger.entries(options)) {
          counted.read += 1;
          yield entry;
        }
      } finally {
        if (options.follow === true) counted.following -= 1;
      }
    },
  });
  return counted;
}

/** Recovers signers, and counts how often. */
export interface CountedRecovery {
  readonly calls: number;
  readonly recover: RecoverSigner;
}

export function countedRecovery(): CountedRecovery {
  let calls = 0;
  return {
    get calls() {
      return calls;
    },
    recover: (digest, signature) => {
      calls += 1;
      return recoverSigner(digest, signature);
    },
  };
}
