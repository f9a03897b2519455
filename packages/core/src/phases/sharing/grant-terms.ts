import { type Address, type CommandId, type Hex, type Level, toHex } from '@medseal/protocol';
import type { Actor } from '../../actor/actor.ts';
import { openTerms } from '../../actor/open-terms.ts';
import { RejectedError } from '../../errors/rejected-error.ts';
import { compartmentTag } from '../../keys/compartment.ts';
import { freshSalt } from '../../lib/random.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import { listScope, parseRecordList } from '../../seal/record-list.ts';
import type { ConsentReceipt } from '../../seal/terms.ts';
import { listRecords } from './list-records.ts';

/** What the patient grants. Whatever is left out is taken from the request that the grant answers. */
export interface GrantAccessParameters {
  /**
   * The request answered, or the number of a grant that stands. Without one, `grantee`, `until` and `compartment` or
   * `records` are needed: nobody asked.
   */
  readonly request?: CommandId | undefined;
  readonly grantee?: Address | undefined;
  readonly compartment?: string | undefined;
  /** Ids of 1 to 1000 records, instead of a compartment: these and no others, in whatever compartments they are. */
  readonly records?: readonly Hex[] | undefined;
  /** Of `records`, the highest among them by default. */
  readonly level?: Level | undefined;
  /** Not with `records`: what is sealed later is not on the list. */
  readonly newData?: boolean | undefined;
  readonly until?: Date | undefined;
  readonly purpose?: string | undefined;
  /** The text that the patient was shown; part of the consent receipt. */
  readonly text?: string | undefined;
}

export interface GrantTerms {
  readonly request: CommandId;
  readonly grantee: Address;
  readonly scope: Hex;
  readonly granted: ConsentReceipt['granted'];
  /** Of a grant of records. */
  readonly list: Uint8Array | undefined;
  readonly level: Level;
  readonly newData: boolean;
  readonly until: number;
  readonly purpose: string;
}

/** What is delivered: to whom, and of what. */
export type Deliverable = Pick<GrantTerms, 'request' | 'grantee' | 'scope' | 'level' | 'newData' | 'list'>;

/** @throws TypeError where what is given does not go together, or is not enough. */
export function requireConsistent({ compartment, records, newData }: GrantAccessParameters): void {
  if (records === undefined) return;
  if (compartment !== undefined) throw new TypeError('A grant is of a compartment or of records, not of both');
  if (newData === true)
    throw new TypeError('A grant of records cannot cover new data: a new record is not on the list');
}

/** What a new grant is to say: what the patient gives, completed from the request and from the records. */
export async function grantTerms(
  patient: Actor,
  parameters: GrantAccessParameters,
  options: CallOptions,
): Promise<GrantTerms> {
  const asked = await askedTerms(patient, parameters, options);
  const { grantee, until } = { ...asked, ...given(parameters) };
  const compartment = parameters.compartment ?? asked.compartment;
  if (grantee === undefined || until === undefined)
    throw new TypeError('A grant without a request needs grantee, until, and compartment or records');
  const common = { request: asked.request, grantee, until, purpose: parameters.purpose ?? asked.purpose };
  if (parameters.records !== undefined) {
    const { list, level } = listRecords(patient, parameters.records, parameters.level);
    const scope = listScope(parseRecordList(list));
    return { ...common, scope, granted: { records: scope }, list, level, newData: false };
  }
  if (compartment === undefined)
    throw new TypeError('A grant without a request needs grantee, until, and compartment or records');
  return {
    ...common,
    scope: compartmentTag(patient.keys, compartment),
    granted: { compartment },
    list: undefined,
    level: parameters.level ?? asked.level,
    newData: parameters.newData ?? asked.newData,
  };
}

interface AskedTerms extends Pick<GrantTerms, 'request' | 'level' | 'newData' | 'purpose'> {
  readonly grantee?: Address;
  readonly compartment?: string;
  readonly until?: number;
}

async function askedTerms(
  patient: Actor,
  { request: id }: GrantAccessParameters,
  options: CallOptions,
): Promise<AskedTerms> {
  if (id === undefined) return { request: toHex(freshSalt()), level: 'private', newData: true, purpose: 'TREAT' };
  const asked = patient.network.view.request(id);
  if (asked === undefined) throw new RejectedError('NO_REQUEST');
  const { compartment, purpose } = await openTerms(patient, asked, options);
  const { actor: grantee, level, newData, until } = asked.request;
  return { request: id, grantee, compartment, level, newData, until, purpose };
}

function given({ grantee, until }: GrantAccessParameters): { grantee?: Address; until?: number } {
  return {
    ...(grantee === undefined ? {} : { grantee }),
    ...(until === undefined ? {} : { until: Math.floor(until.getTime() / 1000) }),
  };
}
