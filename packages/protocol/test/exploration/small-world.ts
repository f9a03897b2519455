import {
  type Address,
  type Command,
  decision,
  type Hex,
  type Level,
  noOrganisation,
  participant,
  person,
  type Role,
} from '../../src/index.ts';
import { alice, bob, clinic, doctor, hashOf, now } from '../world.ts';

/** Four people, two records, two requests, three seconds: small enough to visit every state. */

export const instants: readonly [number, number, number] = [now, now + 1, now + 2];
const [t0, t1, t2] = instants;

const people: readonly Address[] = [alice, bob, doctor, clinic].map(({ address }) => address);
const patients = [alice.address, bob.address];
const requests = [hashOf('request 1'), hashOf('request 2')] as const;
const records = [hashOf('record 1'), hashOf('record 2')] as const;
const persons = { alice: hashOf('person alice'), bob: hashOf('person bob') };
const levels: readonly Level[] = ['low', 'moderate', 'private'];

/** Decisions that the commands below can make; every other one stays undecided for ever. */
const decided = [
  [alice.address, requests[0]],
  [alice.address, requests[1]],
  [bob.address, requests[0]],
] as const;

/** Paths of everything that can change, with the bits that number its values. */
export const slots: readonly (readonly [path: string, bits: number])[] = [
  ...people.map((id) => [participant.key(id).path, id === doctor.address ? 4 : 3] as const),
  [person.key(persons.alice).path, 1],
  [person.key(persons.bob).path, 1],
  [decision.key(...decided[0]).path, 4],
  [decision.key(...decided[1]).path, 3],
  [decision.key(...decided[2]).path, 3],
];

/** Versions, of participants and of keys, from this one on count as this one. */
export const SATURATED = 3;

const any = hashOf('any');

/** Each command lives all the time, or dies at the second instant, or is too early at the first. */
const lives = [t2 + 1, t1, t0 + 86_401];

function registrations(validUntil: number): readonly Command[] {
  const common = { type: 'register', keyDocument: any, validUntil } as const;
  const of = (
    who: Address,
    roles: readonly Role[],
    clearance: Level,
    commitment: Hex,
    organisation: Address = noOrganisation,
  ): Command => ({ ...common, participant: who, roles, clearance, person: commitment, organisation });
  return [
    of(alice.address, ['patient'], 'low', persons.alice),
    of(bob.address, ['patient'], 'low', persons.bob),
    of(bob.address, ['patient'], 'low', persons.alice),
    of(doctor.address, ['provider'], 'moderate', hashOf('person doctor'), clinic.address),
    of(clinic.address, ['organisation'], 'private', hashOf('person clinic')),
  ];
}

function standings(validUntil: number): readonly Command[] {
  return (['ban', 'reinstate'] as const).flatMap((type) =>
    people.flatMap((who) =>
      [1, 2, 3].map((expectedVersion) => ({ type, participant: who, expectedVersion, reason: any, validUntil })),
    ),
  );
}

function anchors(validUntil: number): readonly Command[] {
  const digests = { compartment: any, epoch: 1, payloadDigest: any, headerDigest: any, content: any } as const;
  return people.flatMap((actor) =>
    people.flatMap((owner) =>
      records.map((salt): Command => ({
        type: 'anchorRecord',
        owner,
        level: 'low',
        ...digests,
        salt,
        actor,
        validUntil,
      })),
    ),
  );
}

function asked(validUntil: number): readonly Command[] {
  return people.flatMap((actor) =>
    patients.flatMap((patient) =>
      levels.flatMap((level) =>
        instants.map((until): Command => ({
          type: 'requestAccess',
          patient,
          level,
          newData: true,
          until,
          terms: any,
          actor,
          validUntil,
        })),
      ),
    ),
  );
}

function grants(validUntil: number): readonly Command[] {
  const of = (
    [patient, request]: readonly [Address, Hex],
    grantee: Address,
    level: Level,
    until: number,
    keyVersion = 1,
    actor = patient,
  ): Command => {
    const terms = { scope: any, newData: true, consent: any } as const;
    return { type: 'grantAccess', patient, request, grantee, keyVersion, level, until, ...terms, actor, validUntil };
  };
  return [
    ...[doctor, bob].flatMap(({ address }) =>
      levels.flatMap((level) => instants.map((until) => of(decided[0], address, level, until))),
    ),
    of(decided[0], doctor.address, 'low', t2, 2),
    of(decided[0], doctor.address, 'low', t2, 1, doctor.address),
    of(decided[1], clinic.address, 'private', t2),
    of(decided[1], clinic.address, 'private', t2, 0),
    of(decided[2], doctor.address, 'low', t1),
    of(decided[2], doctor.address, 'low', t1, 1, alice.address),
  ];
}

function withdrawals(validUntil: number): readonly Command[] {
  return decided.flatMap(([patient, number]) =>
    people.flatMap((actor): Command[] => [
      { type: 'denyAccess', patient, request: number, actor, validUntil },
      { type: 'revokeAccess', patient, grant: number, actor, validUntil },
    ]),
  );
}

function uses(validUntil: number): readonly Command[] {
  const rest = { headerDigest: any, actingPerson: any, validUntil } as const;
  return people.flatMap((actor) =>
    patients.flatMap((patient) =>
      requests.flatMap((grant) =>
        records.map((record): Command => ({ type: 'useAccess', patient, grant, record, actor, ...rest })),
      ),
    ),
  );
}

function reports(validUntil: number): readonly Command[] {
  return people.flatMap((actor) =>
    people.map((subject): Command => {
      const what = { entry: any, statement: any } as const;
      return { type: 'reportViolation', patient: alice.address, subject, ...what, actor, validUntil };
    }),
  );
}

/** The doctor's keys alone are rotated: two of the three decisions can be for him, and each who rotates triples the states. */
function rotations(validUntil: number): readonly Command[] {
  return [1, 2, 3].map((expectedKeyVersion): Command => ({
    type: 'rotateKeys',
    keyDocument: any,
    expectedKeyVersion,
    actor: doctor.address,
    validUntil,
  }));
}

/** They read and write nothing, so one record is enough. */
function recordChanges(validUntil: number): readonly Command[] {
  const record = records[0];
  return people.flatMap((actor) =>
    patients.flatMap((patient): Command[] => [
      { type: 'supersedeRecord', patient, record, previousHeader: any, headerDigest: any, actor, validUntil },
      { type: 'eraseRecord', patient, record, reason: any, actor, validUntil },
    ]),
  );
}

/** Every command that anybody in the small world can send. */
export const alphabet: readonly Command[] = lives.flatMap((validUntil) =>
  [registrations, standings, anchors, asked, grants, withdrawals, uses, reports, rotations, recordChanges].flatMap(
    (make) => make(validUntil),
  ),
);
