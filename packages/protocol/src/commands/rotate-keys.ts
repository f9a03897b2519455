import type { ActorCommand, CommandDefinition, NoState } from '../command.ts';
import type { Hex } from '../encode/bytes.ts';
import { participant } from '../state/participant.ts';

/** The signing key stays: its address is the participant's id. */
export interface RotateKeys extends ActorCommand {
  readonly type: 'rotateKeys';
  readonly keyDocument: Hex;
  readonly expectedKeyVersion: number;
}

export const rotateKeys: CommandDefinition<RotateKeys, NoState> = {
  name: 'rotateKeys',
  code: 11,
  doc: 'A participant puts new receiving and fragment-signing keys in place of the present ones. The signing key, whose address is the id, stays.',
  signers: 'actor',
  fields: {
    keyDocument: { kind: 'digest', doc: 'digest of the document with the new public keys' },
    expectedKeyVersion: { kind: 'version', doc: 'version of the keys that the actor saw' },
  },
  reads: () => ({}),
  rules: [['STALE_VERSION', 'reject', ({ c, actor }) => actor.keyVersion === c.expectedKeyVersion]],
  effect: ({ c, actor }) => [participant.put(c.actor, { ...actor, keyVersion: actor.keyVersion + 1 })],
  effectDoc: 'key version + 1, which ends the grants to the actor; readers take the key document',
  repeatsDoc: 'STALE_VERSION',
};
