import type { FabricConnection } from '@medseal/devnet';
import { type FabricConnectionOptions, pemSigner } from '../src/index.ts';

/** How the user of the first organisation reaches a chaincode, by the peers with these numbers. */
export function connectionTo(
  { channel, peers, organisations }: FabricConnection,
  chaincode: string,
  use: readonly number[] = [0],
): FabricConnectionOptions {
  const user = organisations[0]?.user;
  if (user === undefined) throw new RangeError('the network has no organisation');
  return {
    channel,
    chaincode,
    peers: use.flatMap((number) => peers[number] ?? []),
    identity: { mspId: user.mspId, certificate: user.certificate },
    signer: pemSigner(user.privateKey),
  };
}
