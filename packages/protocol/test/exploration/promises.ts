import {
  type Command,
  type CommandName,
  decision,
  type Hex,
  participant,
  person,
  type Verdict,
} from '../../src/index.ts';
import { SATURATED } from './small-world.ts';

/** What the log alone says of one object, kept beside the word that the rules keep. */
export interface Facts {
  readonly registered?: true;
  readonly banned?: true;
  /** Version of the keys, saturated. */
  readonly keys?: number;
  readonly accounts?: number;
  readonly grant?: { readonly grantee: Hex; readonly until: number; readonly keys: number };
  readonly denied?: true;
  readonly revoked?: true;
}

export const nothing: Facts = {};

/** What the log says of the object at a path. */
export type Told = (path: string) => Facts;

type Claim = readonly [holds: boolean, promise: string];

/** What must hold where a command is applied, and what the log says afterwards. */
interface Meaning<C> {
  readonly claims: (command: C, told: Told, time: number) => readonly Claim[];
  readonly facts?: (command: C, told: Told) => readonly (readonly [path: string, facts: Facts])[];
}

const standing = (id: Hex): string => participant.key(id).path;
const account = (commitment: Hex): string => person.key(commitment).path;
const decided = (patient: Hex, request: Hex): string => decision.key(patient, request).path;

const ofPatient = ({ actor, patient }: { readonly actor: Hex; readonly patient: Hex }): Claim => [
  actor === patient,
  'only the patient decides',
];

const undecided = ({ grant, denied }: Facts): Claim => [
  grant === undefined && denied !== true,
  'a request is decided once, for ever',
];

const meanings: { readonly [T in CommandName]: Meaning<Extract<Command, { readonly type: T }>> } = {
  register: {
    claims: (c, told) => [
      [told(standing(c.participant)).registered !== true, 'a participant is registered once'],
      [told(account(c.person)).accounts === undefined, 'a person has one account'],
    ],
    facts: (c, told) => [
      [standing(c.participant), { registered: true, keys: 1 }],
      [account(c.person), { accounts: (told(account(c.person)).accounts ?? 0) + 1 }],
    ],
  },
  ban: {
    claims: (c, told) => [[told(standing(c.participant)).banned !== true, 'a ban comes once']],
    facts: (c, told) => [[standing(c.participant), { ...told(standing(c.participant)), banned: true }]],
  },
  reinstate: {
    claims: (c, told) => [[told(standing(c.participant)).banned === true, 'only a banned participant is reinstated']],
    facts: (c, told) => {
      const { banned: _, ...rest } = told(standing(c.participant));
      return [[standing(c.participant), rest]];
    },
  },
  anchorRecord: {
    claims: (c, told) => [[told(standing(c.owner)).registered === true, 'a record belongs to a participant']],
  },
  requestAccess: {
    claims: (c, told) => [[told(standing(c.patient)).registered === true, 'a participant is asked']],
  },
  grantAccess: {
    claims: (c, told, time) => [
      ofPatient(c),
      undecided(told(decided(c.patient, c.request))),
      [time < c.until, 'a grant is live when given'],
      [told(standing(c.grantee)).registered === true, 'a grantee is registered'],
      [told(standing(c.grantee)).banned !== true, 'a grantee is in good standing'],
      [told(standing(c.grantee)).keys === c.keyVersion, 'a grant is to the keys that the grantee has'],
    ],
    facts: (c, told) => {
      const path = decided(c.patient, c.request);
      return [[path, { ...told(path), grant: { grantee: c.grantee, until: c.until, keys: c.keyVersion } }]];
    },
  },
  denyAccess: {
    claims: (c, told) => [ofPatient(c), undecided(told(decided(c.patient, c.request)))],
    facts: (c, told) => {
      const path = decided(c.patient, c.request);
      return [[path, { ...told(path), denied: true }]];
    },
  },
  revokeAccess: {
    claims: (c, told) => {
      const { grant, revoked } = told(decided(c.patient, c.grant));
      return [ofPatient(c), [grant !== undefined && revoked !== true, 'a grant is withdrawn once']];
    },
    facts: (c, told) => {
      const path = decided(c.patient, c.grant);
      return [[path, { ...told(path), revoked: true }]];
    },
  },
  useAccess: {
    claims: (c, told, time) => {
      const { grant, denied, revoked } = told(decided(c.patient, c.grant));
      return [
        [grant?.grantee === c.actor, 'a use follows a grant to that actor'],
        [grant !== undefined && time < grant.until, 'nothing is used at or after its end'],
        [denied !== true && revoked !== true, 'nothing is used after its revocation'],
        [
          grant?.keys === told(standing(c.actor)).keys,
          'nothing is used after a rotation of the keys it was granted to',
        ],
        [told(standing(c.patient)).banned !== true, 'nothing of a banned patient is used'],
      ];
    },
  },
  reportViolation: { claims: (c) => [ofPatient(c)] },
  rotateKeys: {
    claims: (c, told) => [
      [told(standing(c.actor)).keys === c.expectedKeyVersion, 'keys are rotated from the version that was seen'],
    ],
    facts: (c, told) => {
      const { keys = 0, ...rest } = told(standing(c.actor));
      return [[standing(c.actor), { ...rest, keys: Math.min(keys + 1, SATURATED) }]];
    },
  },
  supersedeRecord: { claims: (c) => [ofPatient(c)] },
  eraseRecord: { claims: (c) => [ofPatient(c)] },
};

function meaningOf({ type }: Command): Meaning<Command> {
  return meanings[type] as Meaning<never> as Meaning<Command>;
}

/** What one applied command adds to what the log says, by path. */
export function factsAfter(command: Command, told: Told): readonly (readonly [path: string, facts: Facts])[] {
  return meaningOf(command).facts?.(command, told) ?? [];
}

/** The promises that this verdict breaks, told from what the log said before. */
export function brokenPromises(command: Command, time: number, { outcome }: Verdict, told: Told): readonly string[] {
  if (outcome === 'rejected') return [];
  const claims: Claim[] = [
    [time < command.validUntil, 'nothing enters at validUntil or later'],
    [command.validUntil <= time + 86_400, 'nothing is valid for more than a day'],
    [outcome === 'applied' || command.type === 'useAccess', 'only a use can be a violation'],
  ];
  if ('actor' in command) {
    const { registered, banned } = told(standing(command.actor));
    const withdraws = command.type === 'denyAccess' || command.type === 'revokeAccess';
    claims.push([registered === true, 'only a registered actor enters the log']);
    claims.push([banned !== true || withdraws, 'a banned actor only withdraws']);
  }
  if (outcome === 'applied') claims.push(...meaningOf(command).claims(command, told, time));
  return claims.filter(([holds]) => !holds).map(([, promise]) => promise);
}
