import {
  type Address,
  type Command,
  type Decision,
  decision,
  type Hex,
  type LedgerCode,
  noOrganisation,
  type Participant,
  participant,
  person,
  type StateKey,
  type StateValue,
  toHex,
} from '../../src/index.ts';
import { alice, bob, clinic, doctor, hashOf, now } from '../world.ts';

/** All that a ledger stores, as plain values. */
export interface Stored {
  readonly participants: Readonly<Record<Address, Participant>>;
  readonly persons: readonly Hex[];
  readonly decisions: readonly (readonly [patient: Address, request: Hex, Decision])[];
}

/** One moment: a command meets a state at a time. */
export interface Moment {
  readonly stored: Stored;
  readonly command: Command;
  readonly time: number;
}

export type Expected =
  | { readonly outcome: 'applied'; readonly writes: Partial<Stored> }
  | { readonly outcome: 'violation' | 'rejected'; readonly code: LedgerCode };

export interface Scenario extends Moment {
  readonly name: string;
  readonly expected: Expected;
}

/** One way to break a moment, such that the rule with this code fails and none before it. */
export type Fault = readonly [code: LedgerCode, outcome: 'violation' | 'rejected', spoil: (moment: Moment) => Moment];

/** All that is known of one command: a moment at which it is applied, and each fault in the order of the rules. */
export interface CommandCase {
  readonly moment: Moment;
  readonly writes: Partial<Stored>;
  readonly faults: readonly Fault[];
  /** Further directed cases: boundaries, special people. */
  readonly more: readonly Scenario[];
}

export const request: Hex = hashOf('request');

export const patientStanding: Participant = {
  status: 'active',
  roles: ['patient'],
  clearance: 'low',
  organisation: noOrganisation,
  version: 1,
  keyVersion: 1,
};

/** Unlike numbers everywhere, so that a mix-up shows. */
export const doctorStanding: Participant = {
  status: 'active',
  roles: ['provider'],
  clearance: 'moderate',
  organisation: clinic.address,
  version: 5,
  keyVersion: 7,
};

export const stored: Stored = {
  participants: {
    [alice.address]: patientStanding,
    [bob.address]: { ...patientStanding, version: 3, keyVersion: 2 },
    [doctor.address]: doctorStanding,
    [clinic.address]: { ...patientStanding, roles: ['organisation'], clearance: 'private' },
  },
  persons: [hashOf('person alice')],
  decisions: [],
};

export function withStanding(moment: Moment, who: Address, change: Partial<Participant>): Moment {
  const standing = moment.stored.participants[who] ?? patientStanding;
  const participants = { ...moment.stored.participants, [who]: { ...standing, ...change } };
  return { ...moment, stored: { ...moment.stored, participants } };
}

export function without(moment: Moment, who: Address): Moment {
  const { [who]: _, ...participants } = moment.stored.participants;
  return { ...moment, stored: { ...moment.stored, participants } };
}

export function withDecision(moment: Moment, patient: Address, number: Hex, value: Decision): Moment {
  const others = moment.stored.decisions.filter(([whose, which]) => whose !== patient || which !== number);
  return { ...moment, stored: { ...moment.stored, decisions: [...others, [patient, number, value]] } };
}

/** Changes fields of the command. */
export function withFields(moment: Moment, change: object): Moment {
  return { ...moment, command: { ...moment.command, ...change } };
}

function actorOf({ command }: Moment): Address {
  return 'actor' in command ? command.actor : '0x';
}

const untimely: readonly Fault[] = [
  ['COMMAND_EXPIRED', 'rejected', (moment) => withFields(moment, { validUntil: moment.time })],
  ['VALIDITY_TOO_LONG', 'rejected', (moment) => withFields(moment, { validUntil: moment.time + 86_401 })],
];

const unknownActor: Fault = ['NOT_REGISTERED', 'rejected', (moment) => without(moment, actorOf(moment))];
const bannedActor: Fault = [
  'BANNED',
  'rejected',
  (moment) => withStanding(moment, actorOf(moment), { status: 'banned' }),
];

/** The faults of the common checks, in their order. */
export const commonFaults: Readonly<Record<'authority' | 'actor' | 'withdrawal', readonly Fault[]>> = {
  authority: untimely,
  actor: [...untimely, unknownActor, bannedActor],
  withdrawal: [...untimely, unknownActor],
};

export const validUntil: number = now + 600;

/** Paths and words of stored values, as every ledger keeps them. */
export function wordsOf({
  participants = {},
  persons = [],
  decisions = [],
}: Partial<Stored>): ReadonlyMap<string, string> {
  const word = <V extends StateValue>({ key, value }: { key: StateKey<V>; value: V }): [string, string] => [
    key.path,
    toHex(key.entity.encode(value)),
  ];
  return new Map([
    ...Object.entries(participants).map(([id, value]) => word(participant.put(id as Address, value))),
    ...persons.map((commitment) => word(person.put(commitment))),
    ...decisions.map(([patient, number, value]) => word(decision.put(patient, number, value))),
  ]);
}
