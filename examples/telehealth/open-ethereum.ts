import { deployLedger, ethereumLedger } from '@medseal/adapter-ethereum';
import { startAnvil } from '@medseal/devnet';
import { HDNodeWallet } from 'ethers';
import type { Officials } from './officials.ts';
import type { OpenedLedger } from './opened-ledger.ts';

/** Starts a node, deploys the contract and opens the ledger. */
export async function openEthereum(
  { authority }: Officials,
  onProgress: (text: string) => void,
): Promise<OpenedLedger> {
  onProgress('starting anvil');
  const anvil = await startAnvil();
  try {
    // The hospital's gateway pays for transactions; patients need no ether.
    const { privateKey } = HDNodeWallet.fromPhrase(anvil.mnemonic);
    const node = { rpcUrl: anvil.url, privateKey, pollInterval: 20 };
    onProgress('deploying the contract');
    const contract = await deployLedger({ ...node, authority });
    const ledger = await ethereumLedger({ ...node, contract, finality: { confirmations: 1 } });
    return {
      ledger,
      [Symbol.asyncDispose]: async () => {
        await ledger[Symbol.asyncDispose]();
        await anvil.stop();
      },
    };
  } catch (error) {
    await anvil.stop();
    throw error;
  }
}
