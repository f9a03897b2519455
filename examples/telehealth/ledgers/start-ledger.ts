import type { LedgerKind } from '../options.ts';
import type { Officials } from '../officials.ts';
import type { StartedLedger } from './started-ledger.ts';

/**
 * Starts what a ledger needs on this machine. Only the ledger that is asked for is loaded.
 *
 * @param folder where files of the ledger may lie, for as long as it runs
 */
export async function startLedger(
  kind: LedgerKind,
  officials: Officials,
  { folder, onProgress }: { readonly folder: string; readonly onProgress: (text: string) => void },
): Promise<StartedLedger> {
  const { authority } = officials;
  const nothing = { secrets: {}, [Symbol.asyncDispose]: async () => {} };
  switch (kind) {
    case 'memory':
      return { section: { use: 'memory', authority }, ...nothing };
    case 'local':
      return { section: { use: 'local', path: './ledger.db', authority }, ...nothing };
    case 'ethereum': {
      const { startEthereum } = await import('./start-ethereum.ts');
      return startEthereum(officials, onProgress);
    }
    case 'fabric': {
      const { startFabricLedger } = await import('./start-fabric.ts');
      return startFabricLedger(officials, folder, onProgress);
    }
  }
}
