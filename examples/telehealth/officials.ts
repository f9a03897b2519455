import { type Authority, type CommandSigner, memorySigner } from '@medseal/protocol';

export interface Officials {
  /** Two of three keys sign for the authority. */
  readonly authority: Authority;
  readonly signers: readonly CommandSigner[];
}

/** A fresh authority of which two of three officials must sign. */
export function makeOfficials(): Officials {
  const signers = [1, 2, 3]
    .map(() => memorySigner(crypto.getRandomValues(new Uint8Array(32))))
    .toSorted((a, b) => (a.address < b.address ? -1 : 1));
  const authority = { threshold: 2, keys: signers.map(({ address }) => address) };
  return { authority, signers: signers.slice(0, authority.threshold) };
}
