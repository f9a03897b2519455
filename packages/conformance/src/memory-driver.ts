import { memoryLedger } from '@medseal/core';
import type { LedgerDriver } from './ledger-driver.ts';

/** Ledgers in memory, with a clock set by hand. */
export function memoryDriver(): LedgerDriver {
  return {
    name: 'memory',
    async create({ authority, time: start }) {
      let time = start;
      const ledger = memoryLedger({ authority, clock: () => time });
      return {
        ledger,
        setTime: async (next) => {
          time = next;
        },
        sendRaw: async (wire) => {
          const verdict = ledger.relay(wire);
          return verdict.outcome === 'applied' ? { outcome: 'applied' } : verdict;
        },
        readState: async (key) => ledger.readState(key),
        [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
      };
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
