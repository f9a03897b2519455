import type { Ledger } from '@medseal/core/adapter';
import type { SuiteCase } from '../suite/suite.ts';
import type { LedgerWorld } from './ledger-world.ts';

export type LedgerCase = SuiteCase<LedgerWorld>;

/** A case on a ledger where the patient and the doctor are registered. */
export function onLedger(name: string, run: (world: LedgerWorld) => Promise<void>): LedgerCase {
  return {
    name,
    run: async (world) => {
      await world.enrol();
      await run(world);
    },
  };
}

export function needsProofs({ supports }: Ledger): string | undefined {
  return supports.proof === null ? 'it says that it has no proofs to give' : undefined;
}
