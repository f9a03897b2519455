import type { Hex } from '../encode/bytes.ts';
import { type Address, decodeRoles, encodeRoles, type Level, levels, type Role } from '../encode/kinds.ts';
import { type Entity, type StateKey, stateKey, type Write } from './entity.ts';
import { pack, unpack } from './packing.ts';

export type ParticipantStatus = 'active' | 'banned';
const statuses: readonly ParticipantStatus[] = ['active', 'banned'];

/** Standing of a registered participant. */
export interface Participant {
  readonly status: ParticipantStatus;
  readonly roles: readonly Role[];
  /** Highest level of data that this participant may be granted. */
  readonly clearance: Level;
  /** The organisation that vouches for the participant; zero for none. */
  readonly organisation: Address;
  /** Grows with each ban and reinstatement, so that neither can be replayed. */
  readonly version: number;
  /** Grows with each change of keys, which kills grants to the old ones. */
  readonly keyVersion: number;
}

/** No organisation. */
export const noOrganisation: Address = `0x${'00'.repeat(20)}`;

const entity: Entity<Participant> = {
  name: 'participant',
  encode: (p) =>
    pack(
      [8, statuses.indexOf(p.status) + 1],
      [16, encodeRoles(p.roles) ?? 0],
      [8, levels.indexOf(p.clearance) + 1],
      p.organisation,
      [32, p.version],
      [32, p.keyVersion],
    ),
  decode: (word) => {
    const next = unpack(word);
    return {
      status: statuses[next.number(8) - 1] ?? 'banned',
      roles: decodeRoles(next.number(16)),
      clearance: levels[next.number(8) - 1] ?? 'low',
      organisation: next.address(),
      version: next.number(32),
      keyVersion: next.number(32),
    };
  },
};

export const participant: {
  key(id: Hex): StateKey<Participant>;
  put(id: Hex, value: Participant): Write<Participant>;
} = {
  key: (id) => stateKey(entity, id),
  put: (id, value) => ({ key: stateKey(entity, id), value }),
};
