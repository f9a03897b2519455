import { deployLedger } from '@medseal/adapter-ethereum';
import { startAnvil } from '@medseal/devnet';
import { HDNodeWallet } from 'ethers';
import type { Officials } from '../officials.ts';
import type { StartedLedger } from './started-ledger.ts';

/** Starts a node and deploys the contract. */
export async function startEthereum(
  { authority }: Officials,
  onProgress: (text: string) => void,
): Promise<StartedLedger> {
  onProgress('starting anvil');
  const anvil = await startAnvil();
  try {
    // The hospital's gateway pays for transactions; patients need no ether.
    const { privateKey } = HDNodeWallet.fromPhrase(anvil.mnemonic);
    onProgress('deploying the contract');
    const contract = await deployLedger({ rpcUrl: anvil.url, privateKey, pollInterval: 20, authority });
    return {
      section: {
        use: 'ethereum',
        rpcUrl: anvil.url,
        contract,
        privateKey: { env: 'RELAYER_KEY' },
        confirmations: 1,
        pollInterval: 20,
      },
      secrets: { RELAYER_KEY: privateKey },
      [Symbol.asyncDispose]: () => anvil.stop(),
    };
  } catch (error) {
    await anvil.stop();
    throw error;
  }
}
