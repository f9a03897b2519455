import { memoryLedger } from '@medseal/core';
import type { Officials } from './officials.ts';
import type { OpenedLedger } from './opened-ledger.ts';
import type { LedgerKind } from './options.ts';

/** Starts what the ledger needs on this machine. Only the ledger that is asked for is loaded. */
export async function openLedger(
  kind: LedgerKind,
  officials: Officials,
  onProgress: (text: string) => void,
): Promise<OpenedLedger> {
  switch (kind) {
    case 'memory': {
      const ledger = memoryLedger({ authority: officials.authority });
      return { ledger, [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose]() };
    }
    case 'ethereum': {
      const { openEthereum } = await import('./open-ethereum.ts');
      return openEthereum(officials, onProgress);
    }
    case 'fabric': {
      const { openFabric } = await import('./open-fabric.ts');
      return openFabric(officials, onProgress);
    }
  }
}
