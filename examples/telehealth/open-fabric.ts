import { fileURLToPath } from 'node:url';
import { fabricLedger, initialiseFabricLedger, pemSigner } from '@medseal/adapter-fabric';
import { startFabric } from '@medseal/devnet';
import type { Officials } from './officials.ts';
import type { OpenedLedger } from './opened-ledger.ts';

/** Starts a network of three organisations, deploys the chaincode, initialises it and opens the ledger. */
export async function openFabric({ authority }: Officials, onProgress: (text: string) => void): Promise<OpenedLedger> {
  const entry = fileURLToPath(import.meta.resolve('@medseal/adapter-fabric/chaincode'));
  const network = await startFabric({ chaincodes: [{ name: 'medseal', entry }], onProgress });
  try {
    const user = network.organisations[0]?.user;
    if (user === undefined) throw new Error('The network has no organisation');
    const connection = {
      channel: network.channel,
      chaincode: 'medseal',
      peers: network.peers,
      identity: { mspId: user.mspId, certificate: user.certificate },
      signer: pemSigner(user.privateKey),
    };
    const domain = await initialiseFabricLedger(connection, authority);
    const ledger = await fabricLedger({ ...connection, domain });
    return {
      ledger,
      [Symbol.asyncDispose]: async () => {
        await ledger[Symbol.asyncDispose]();
        await network.stop();
      },
    };
  } catch (error) {
    await network.stop();
    throw error;
  }
}
