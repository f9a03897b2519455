import {
  type AccessRequest,
  type Actor,
  ban,
  grantAccess,
  issueTicket,
  openRecord,
  RejectedError,
  reportViolation,
  requestAccess,
} from '@medseal/core';
import { type Hex, signCommand } from '@medseal/protocol';
import { setTimeout as sleep } from 'node:timers/promises';
import { general, type Records } from './2-storage.ts';
import { sealWithCopiedStanza, useWithoutChecks } from './copied-stanza.ts';
import { type Stage, tell, tellRefused } from './stage.ts';

const HOUR = 3_600_000;
const dermatology = { compartment: 'dermatology', dataClass: 'medical-record' } as const;

/** Everything here must be refused, each by its own rule. */
export async function attack(stage: Stage, records: Records, request: AccessRequest): Promise<void> {
  const { narrator } = stage;
  narrator.chapter('4  What is refused, and by which rule');
  await byStranger(stage, records, request);
  await byForgery(stage, request);
  const dermatologyGrant = await byCopiedStanza(stage, records);
  await afterExpiry(stage, records);
  await byInsider(stage, records, request);
  await afterBan(stage, records, dermatologyGrant);
}

async function byStranger(stage: Stage, { clemente }: Records, { id: grant }: AccessRequest): Promise<void> {
  const open = { record: clemente.id, grant };
  await tellRefused(stage, 'A stranger uses Dr Sam’s grant on Clemente’s record', 'NOT_REGISTERED', () =>
    openRecord(stage.cast.stranger, open),
  );
}

async function byForgery({ network, ...stage }: Stage, { id: request }: AccessRequest): Promise<void> {
  const { clemente, mallory } = stage.cast;
  const now = network.now();
  const forged = {
    type: 'grantAccess',
    patient: clemente.id,
    actor: clemente.id,
    request,
    grantee: mallory.id,
    keyVersion: 1,
    level: 'private',
    scope: request,
    newData: true,
    until: now + 3600,
    consent: request,
    validUntil: now + 60,
  } as const;
  const wire = await signCommand(forged, network.ledger.genesis.domain, mallory.keys.signer);
  await tellRefused({ network, ...stage }, 'Dr Mallory forges a grant in Clemente’s name', 'BAD_SIGNATURE', () =>
    network.ledger.submit(wire),
  );
}

async function byCopiedStanza(stage: Stage, records: Records): Promise<Hex> {
  const { mallory, ned } = stage.cast;
  const until = new Date(Date.now() + HOUR);
  await tell(
    stage,
    'Ned Hintz lets Dr Mallory seal in dermatology',
    () => issueTicket(ned, { author: mallory.id, ...dermatology, until }),
    () => 'a signed ticket, nothing on the ledger',
  );
  const { id: grant } = await tell(
    stage,
    'Ned Hintz grants Dr Mallory dermatology for an hour, unasked',
    () => grantAccess(ned, { grantee: mallory.id, compartment: dermatology.compartment, until }),
    () => 'applied',
  );
  const copy = await tell(
    stage,
    'Dr Mallory seals a record with the stanza of Ned’s general practice record',
    () => sealWithCopiedStanza(mallory, { patient: ned.id, ...dermatology, victim: records.ned.id }),
    ({ receipt }) => receipt,
  );
  await tellRefused(stage, 'Dr Mallory has it opened, by a client without checks of its own', 'BAD_STANZA', () =>
    useWithoutChecks(mallory, { patient: ned.id, grant, record: copy.id, header: copy.header }),
  );
  return grant;
}

async function afterExpiry(stage: Stage, records: Records): Promise<void> {
  const { sam, liz } = stage.cast;
  const { narrator } = stage;
  const { id: grant, until } = await tell(
    stage,
    'Liz Conn grants Dr Sam access for a few seconds, unasked',
    () => grantBriefly(liz, sam.id),
    () => 'applied',
  );
  narrator.note('the story waits until the grant is over');
  while ((await stage.network.ledger.head()).time <= until) await sleep(250);
  await tellRefused(stage, 'Dr Sam opens Liz’s record after that', 'GRANT_EXPIRED', () =>
    openRecord(sam, { record: records.liz.id, grant }),
  );
}

/** For six seconds; where the ledger takes longer than that, for as long as it needs. `until` is in seconds. */
async function grantBriefly(patient: Actor, grantee: Hex): Promise<{ readonly id: Hex; readonly until: number }> {
  for (let lasting = 6; ; lasting *= 2) {
    const until = Math.ceil(Date.now() / 1000) + lasting;
    try {
      const terms = { grantee, compartment: general.compartment, until: new Date(1000 * until) };
      return { id: (await grantAccess(patient, terms)).id, until };
    } catch (error) {
      if (!(error instanceof RejectedError && error.code === 'UNTIL_PASSED')) throw error;
    }
  }
}

async function byInsider(stage: Stage, records: Records, { id: grant }: AccessRequest): Promise<void> {
  const { mallory, clemente } = stage.cast;
  const entry = await tellRefused(stage, 'Dr Mallory uses Dr Sam’s grant on Clemente’s record', 'NO_GRANT', () =>
    openRecord(mallory, { record: records.clemente.id, grant }),
  );
  if (entry === undefined) throw new Error('A violation has an entry');
  await tell(
    stage,
    'Clemente Kreiger reports the violation',
    () => reportViolation(clemente, { subject: mallory.id, entry, statement: 'I never met this doctor' }),
    ({ receipt }) => receipt,
  );
}

async function afterBan(stage: Stage, records: Records, grant: Hex): Promise<void> {
  const { mallory, authority, liz } = stage.cast;
  await tell(
    stage,
    'The authority bans Dr Mallory',
    () => ban(authority, { participant: mallory.id, reason: 'misuse of a grant' }),
    (receipt) => receipt,
  );
  await tellRefused(stage, 'Dr Mallory uses the grant that Ned gave him', 'BANNED', () =>
    openRecord(mallory, { record: records.ned.id, grant }),
  );
  await tellRefused(stage, 'Dr Mallory asks Liz Conn for access', 'BANNED', () =>
    requestAccess(mallory, {
      patient: liz.id,
      compartment: general.compartment,
      purpose: 'TREAT',
      until: new Date(Date.now() + HOUR),
    }),
  );
}
