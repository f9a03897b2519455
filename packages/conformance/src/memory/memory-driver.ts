import { memoryLedger } from '@medseal/core';
import { LedgerUnavailableError } from '@medseal/core/adapter';
import type { LedgerDriver } from '../drivers/ledger-driver.ts';
import { openGate } from './gate.ts';
import { gatedLedger } from './gated.ts';

/** Ledgers in memory, with a clock set by hand. */
export function memoryDriver(): LedgerDriver {
  return {
    name: 'memory',
    async create({ authority, time: start }) {
      let time = start;
      const ledger = memoryLedger({ authority, clock: () => time });
      const gate = openGate(() => new LedgerUnavailableError('The test has cut the ledger off'));
      return {
        ...gate.disturbances,
        ledger: gatedLedger(ledger, gate),
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
