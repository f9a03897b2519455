import type { Hex } from '../encode/bytes.ts';
import { type Address, type Level, levels } from '../encode/kinds.ts';
import { type Entity, type StateKey, stateKey, type Write } from './entity.ts';
import { noOrganisation } from './participant.ts';
import { pack, unpack } from './packing.ts';

export type DecisionStatus = 'granted' | 'denied' | 'revoked';
const statuses: readonly DecisionStatus[] = ['granted', 'denied', 'revoked'];

/**
 * What a patient decided on one request. Never cleared: without nonces a cleared slot would let the old grant be sent
 * again. Keyed by the patient too, so that nobody else can occupy it.
 */
export interface Decision {
  readonly status: DecisionStatus;
  readonly grantee: Address;
  readonly level: Level;
  /** First second at which the grant is dead. */
  readonly until: number;
  /** The version of the grantee's keys that the patient saw. */
  readonly keyVersion: number;
}

/** A denial has no grantee; the level is the least, so that nothing can be read into it. */
export const denied: Decision = { status: 'denied', grantee: noOrganisation, level: 'low', until: 0, keyVersion: 0 };

const entity: Entity<Decision> = {
  name: 'decision',
  encode: (d) =>
    pack(
      [8, statuses.indexOf(d.status) + 1],
      d.grantee,
      [8, levels.indexOf(d.level) + 1],
      [40, d.until],
      [32, d.keyVersion],
    ),
  decode: (word) => {
    const next = unpack(word);
    return {
      status: statuses[next.number(8) - 1] ?? 'revoked',
      grantee: next.address(),
      level: levels[next.number(8) - 1] ?? 'low',
      until: next.number(40),
      keyVersion: next.number(32),
    };
  },
};

export const decision: {
  key(patient: Hex, request: Hex): StateKey<Decision>;
  put(patient: Hex, request: Hex, value: Decision): Write<Decision>;
} = {
  key: (patient, request) => stateKey(entity, patient, request),
  put: (patient, request, value) => ({ key: stateKey(entity, patient, request), value }),
};
