import { type Command, type Domain, encodeCommand, fromHex, idOf } from '@medseal/protocol';
import { type Member, officials } from './cast.ts';

/** Wire bytes of a command with the signatures of `signers` in that order. */
export function signed(command: Command, domain: Domain, signers: readonly Member[]): Uint8Array {
  const digest = fromHex(idOf(command, domain));
  return encodeCommand({ command, signatures: signers.map((signer) => signer.sign(digest)) });
}

/** The officials who sign for the authority: the first two of three, or another two. */
export function quorum(pair: number): readonly Member[] {
  return officials.filter((_, index) => index !== 2 - (pair % 3));
}
