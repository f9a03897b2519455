import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { initialiseFabricLedger, pemSigner } from '@medseal/adapter-fabric';
import { startFabric } from '@medseal/devnet';
import type { Officials } from '../officials.ts';
import type { StartedLedger } from './started-ledger.ts';

/** Starts a network of three organisations, deploys the chaincode and initialises it. Certificates go into `folder`. */
export async function startFabricLedger(
  { authority }: Officials,
  folder: string,
  onProgress: (text: string) => void,
): Promise<StartedLedger> {
  const entry = fileURLToPath(import.meta.resolve('@medseal/adapter-fabric/chaincode'));
  const network = await startFabric({ chaincodes: [{ name: 'medseal', entry }], onProgress });
  try {
    const { channel, peers } = network;
    const user = network.organisations[0]?.user;
    if (user === undefined) throw new Error('The network has no organisation');
    const { mspId, certificate, privateKey } = user;
    const domain = await initialiseFabricLedger(
      { channel, chaincode: 'medseal', peers, identity: { mspId, certificate }, signer: pemSigner(privateKey) },
      authority,
    );
    const save = async (name: string, pem: string): Promise<string> => {
      await writeFile(join(folder, name), pem);
      return name;
    };
    const saved = peers.map(async ({ endpoint, hostAlias, tlsCaCert }, index) => ({
      endpoint,
      ...(hostAlias === undefined ? {} : { hostAlias }),
      tlsCaCertFile: await save(`peer-${index}-tls-ca.pem`, tlsCaCert),
    }));
    return {
      section: {
        use: 'fabric',
        domain,
        channel,
        chaincode: 'medseal',
        peers: await Promise.all(saved),
        identity: { mspId, certificateFile: await save('gateway.pem', certificate) },
        privateKey: { env: 'GATEWAY_KEY' },
      },
      secrets: { GATEWAY_KEY: privateKey },
      [Symbol.asyncDispose]: () => network.stop(),
    };
  } catch (error) {
    await network.stop();
    throw error;
  }
}
