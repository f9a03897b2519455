import { type Authority, type CommandSigner, memorySigner } from '@medseal/protocol';

export interface Officials {
  /** Two of three keys sign for the authority. */
  readonly authority: Authority;
  readonly signers: readonly CommandSigner[];
}

/**
 * The authority of every example: of three officials two must sign. Their keys are 1, 2 and 3, repeated, so that a
 * configuration can name them; the whole world knows them.
 */
export function makeOfficials(): Officials {
  const signers = [1, 2, 3]
    .map((number) => memorySigner(new Uint8Array(32).fill(number)))
    .toSorted((a, b) => (a.address < b.address ? -1 : 1));
  const authority = { threshold: 2, keys: signers.map(({ address }) => address) };
  return { authority, signers: signers.slice(0, authority.threshold) };
}
