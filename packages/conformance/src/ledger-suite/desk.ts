import {
  type Command,
  type Genesis,
  type GrantAccess,
  type Hex,
  noOrganisation,
  type RequestAccess,
  type UseAccess,
} from '@medseal/protocol';
import { hashOf, type Member, memberAt } from '../sequence/cast.ts';
import { quorum, signed } from '../sequence/sign.ts';

export const patient: Member = memberAt(0);
export const doctor: Member = memberAt(1);

/** Seconds for which the commands of a desk are valid. */
export const VALIDITY = 60;

/** Writes and signs commands for one ledger. */
export interface Desk {
  register(member: Member): Uint8Array;
  request(fields?: Partial<RequestAccess>): Uint8Array;
  grant(request: Hex, fields?: Partial<GrantAccess>): Uint8Array;
  deny(request: Hex): Uint8Array;
  use(grant: Hex, fields?: Partial<UseAccess>): Uint8Array;
}

/** The patient and the doctor of the suite write to this ledger; `now` gives its time. */
export function deskOf({ domain }: Pick<Genesis, 'domain'>, now: () => number): Desk {
  const write = (command: Command, ...signers: Member[]): Uint8Array => signed(command, domain, signers);
  const until = (): number => now() + VALIDITY;
  return {
    register: (member) =>
      write(
        {
          type: 'register',
          participant: member.address,
          keyDocument: hashOf(`key document of ${member.name}`),
          organisation: noOrganisation,
          roles: ['patient', 'provider'],
          clearance: 'private',
          person: hashOf(`person ${member.name}`),
          validUntil: until(),
        },
        ...quorum(0),
        member,
      ),
    request: (fields) =>
      write(
        {
          type: 'requestAccess',
          patient: patient.address,
          level: 'low',
          newData: true,
          until: now() + 3_600,
          terms: hashOf('terms'),
          actor: doctor.address,
          validUntil: until(),
          ...fields,
        },
        doctor,
      ),
    grant: (request, fields) =>
      write(
        {
          type: 'grantAccess',
          patient: patient.address,
          request,
          grantee: doctor.address,
          keyVersion: 1,
          scope: hashOf('scope'),
          level: 'moderate',
          newData: true,
          until: now() + 3_600,
          consent: hashOf('consent'),
          actor: patient.address,
          validUntil: until(),
          ...fields,
        },
        patient,
      ),
    deny: (request) =>
      write(
        { type: 'denyAccess', patient: patient.address, request, actor: patient.address, validUntil: until() },
        patient,
      ),
    use: (grant, fields) =>
      write(
        {
          type: 'useAccess',
          patient: patient.address,
          grant,
          record: hashOf('record'),
          headerDigest: hashOf('header'),
          actingPerson: hashOf('acting person'),
          actor: doctor.address,
          validUntil: until(),
          ...fields,
        },
        doctor,
      ),
  };
}
