import type { Answer, LedgerUnderTest } from '@medseal/conformance';
import {
  type CommandSigner,
  decision,
  decodeCommand,
  type Domain,
  fromHex,
  type Hex,
  idOf,
  MAX_SIGNATURES,
  participant,
  person,
} from '@medseal/protocol';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { ethereumDriver } from './driver.ts';
import {
  authorityOf,
  doctor,
  hospital,
  NOW,
  officials,
  patient,
  registration,
  stranger,
  word,
  write,
} from './people.ts';

const THRESHOLD = 2;
const driver = ethereumDriver();
let ledger: LedgerUnderTest;
let domain: Domain;

const applied: Answer = { outcome: 'applied' };
const rejected = (code: (Answer & { outcome: 'rejected' })['code']): Answer => ({ outcome: 'rejected', code });
const violation = (code: (Answer & { outcome: 'violation' })['code']): Answer => ({ outcome: 'violation', code });

beforeEach(async () => {
  ledger = await driver.create({ authority: authorityOf(THRESHOLD, 3), time: NOW });
  domain = ledger.ledger.genesis.domain;
  await ledger.sendRaw(await registration(patient, domain, THRESHOLD));
  await ledger.sendRaw(await registration(doctor, domain, THRESHOLD, { roles: ['provider'] }));
});

afterAll(() => driver[Symbol.asyncDispose]());

type Drafts = Parameters<typeof write>[0];

const send = async (draft: Drafts, by: CommandSigner, validUntil?: number): Promise<Answer> =>
  ledger.sendRaw(await write(draft, domain, by, validUntil));

const official = async (type: 'ban' | 'reinstate', who: Hex, expectedVersion: number): Promise<Answer> =>
  ledger.sendRaw(
    await write({ type, participant: who, expectedVersion, reason: word(0xee) }, domain, {
      authority: officials(THRESHOLD),
    }),
  );

const request = (fields: object = {}): Drafts => ({
  type: 'requestAccess',
  patient: patient.address,
  level: 'moderate',
  newData: true,
  until: NOW + 1000,
  terms: word(5),
  ...fields,
});

const GRANT = word(0x77);
const grant = (fields: object = {}): Drafts => ({
  type: 'grantAccess',
  patient: patient.address,
  request: GRANT,
  grantee: doctor.address,
  keyVersion: 1,
  scope: word(6),
  level: 'moderate',
  newData: true,
  until: NOW + 1000,
  consent: word(7),
  ...fields,
});

const use = (fields: object = {}): Drafts => ({
  type: 'useAccess',
  patient: patient.address,
  grant: GRANT,
  record: word(8),
  headerDigest: word(9),
  actingPerson: word(0),
  ...fields,
});

const anchor = (fields: object = {}): Drafts => ({
  type: 'anchorRecord',
  owner: patient.address,
  compartment: word(1),
  epoch: 1,
  level: 'low',
  payloadDigest: word(2),
  headerDigest: word(3),
  content: word(4),
  salt: word(5),
  ...fields,
});

const deny: Drafts = { type: 'denyAccess', patient: patient.address, request: GRANT };
const revoke: Drafts = { type: 'revokeAccess', patient: patient.address, grant: GRANT };
const report = (fields: object = {}): Drafts => ({
  type: 'reportViolation',
  patient: patient.address,
  subject: doctor.address,
  entry: word(1),
  statement: word(2),
  ...fields,
});

describe('registry', () => {
  test('register writes participant and person', async () => {
    expect(await ledger.readState(participant.key(doctor.address))).toEqual({
      status: 'active',
      roles: ['provider'],
      clearance: 'private',
      organisation: `0x${'00'.repeat(20)}`,
      version: 1,
      keyVersion: 1,
    });
    const taken: Hex = `0x${doctor.address.slice(2).padEnd(64, '5')}`;
    expect(await ledger.readState(person.key(taken))).toEqual({ taken: true });
    expect(await ledger.readState(person.key(word(0x66)))).toBeUndefined();
    expect(await ledger.readState(participant.key(stranger.address))).toBeUndefined();
  });

  test('register refuses repeats, a taken person and a bad organisation', async () => {
    expect(await ledger.sendRaw(await registration(patient, domain, THRESHOLD))).toEqual(
      rejected('ALREADY_REGISTERED'),
    );
    const samePerson = await write(
      {
        type: 'register',
        participant: stranger.address,
        keyDocument: word(1),
        organisation: `0x${'00'.repeat(20)}`,
        roles: ['patient'],
        clearance: 'low',
        person: `0x${doctor.address.slice(2).padEnd(64, '5')}`,
      },
      domain,
      { authority: officials(THRESHOLD), participant: stranger },
    );
    expect(await ledger.sendRaw(samePerson)).toEqual(rejected('PERSON_TAKEN'));
    for (const organisation of [doctor.address, hospital.address])
      expect(await ledger.sendRaw(await registration(stranger, domain, THRESHOLD, { organisation }))).toEqual(
        rejected('BAD_ORGANISATION'),
      );
    expect(await ledger.sendRaw(await registration(hospital, domain, THRESHOLD, { roles: ['organisation'] }))).toEqual(
      applied,
    );
    const member = await registration(stranger, domain, THRESHOLD, { organisation: hospital.address });
    expect(await official('ban', hospital.address, 1)).toEqual(applied);
    expect(await ledger.sendRaw(member)).toEqual(rejected('BAD_ORGANISATION'));
    expect(await official('reinstate', hospital.address, 2)).toEqual(applied);
    expect(await ledger.sendRaw(member)).toEqual(applied);
  });

  test('ban and reinstate count versions', async () => {
    expect(await official('ban', stranger.address, 1)).toEqual(rejected('UNKNOWN_PARTICIPANT'));
    expect(await official('reinstate', stranger.address, 1)).toEqual(rejected('UNKNOWN_PARTICIPANT'));
    expect(await official('reinstate', doctor.address, 1)).toEqual(rejected('NOT_BANNED'));
    expect(await official('ban', doctor.address, 2)).toEqual(rejected('STALE_VERSION'));
    expect(await official('ban', doctor.address, 1)).toEqual(applied);
    expect(await ledger.readState(participant.key(doctor.address))).toMatchObject({
      status: 'banned',
      roles: ['provider'],
      version: 2,
      keyVersion: 1,
    });
    expect(await official('ban', doctor.address, 1)).toEqual(rejected('STALE_VERSION'));
    expect(await official('ban', doctor.address, 2)).toEqual(rejected('ALREADY_BANNED'));
    expect(await official('reinstate', doctor.address, 1)).toEqual(rejected('STALE_VERSION'));
    expect(await official('reinstate', doctor.address, 2)).toEqual(applied);
    expect(await ledger.readState(participant.key(doctor.address))).toMatchObject({ status: 'active', version: 3 });
  });
});

describe('records', () => {
  test('authors anchor, a patient only for herself', async () => {
    expect(await send(anchor(), doctor)).toEqual(applied);
    expect(await send(anchor(), patient)).toEqual(applied);
    expect(await send(anchor({ owner: stranger.address }), doctor)).toEqual(rejected('UNKNOWN_PARTICIPANT'));
    expect(await send(anchor({ owner: doctor.address }), patient)).toEqual(rejected('ROLE_NOT_ALLOWED'));
  });
});

describe('access', () => {
  test('request', async () => {
    expect(await send(request(), doctor)).toEqual(applied);
    expect(await send(request({ patient: stranger.address }), doctor)).toEqual(rejected('UNKNOWN_PARTICIPANT'));
    expect(await send(request({ until: NOW }), doctor)).toEqual(rejected('UNTIL_PASSED'));
    expect(await send(request({ until: NOW + 1 }), doctor)).toEqual(applied);
  });

  test('grant writes the decision once', async () => {
    expect(await send(grant({ grantee: stranger.address }), patient)).toEqual(rejected('UNKNOWN_PARTICIPANT'));
    expect(await send(grant({ keyVersion: 2 }), patient)).toEqual(rejected('STALE_VERSION'));
    expect(await send(grant({ until: NOW }), patient)).toEqual(rejected('UNTIL_PASSED'));
    expect(await send(grant(), doctor)).toEqual(rejected('NOT_OWNER'));
    expect(await send(grant(), patient)).toEqual(applied);
    expect(await ledger.readState(decision.key(patient.address, GRANT))).toEqual({
      status: 'granted',
      grantee: doctor.address,
      level: 'moderate',
      until: NOW + 1000,
      keyVersion: 1,
    });
    expect(await send(grant(), patient)).toEqual(rejected('ALREADY_DECIDED'));
    expect(await send(deny, patient)).toEqual(rejected('ALREADY_DECIDED'));
    expect(await official('ban', doctor.address, 1)).toEqual(applied);
    expect(await send(grant({ request: word(1) }), patient)).toEqual(rejected('GRANTEE_BANNED'));
  });

  test('clearance reaches what is asked for and granted', async () => {
    expect(await ledger.sendRaw(await registration(stranger, domain, THRESHOLD, { clearance: 'low' }))).toEqual(
      applied,
    );
    expect(await send(request(), stranger)).toEqual(rejected('CLEARANCE_TOO_LOW'));
    expect(await send(request({ level: 'low' }), stranger)).toEqual(applied);
    expect(await send(grant({ grantee: stranger.address }), patient)).toEqual(rejected('CLEARANCE_TOO_LOW'));
    expect(await send(grant({ grantee: stranger.address, level: 'low' }), patient)).toEqual(applied);
  });

  test('deny and revoke end a decision, also for a banned patient', async () => {
    expect(await send(revoke, patient)).toEqual(rejected('NO_GRANT'));
    expect(await send(grant(), patient)).toEqual(applied);
    expect(await official('ban', patient.address, 1)).toEqual(applied);
    expect(await send(grant({ request: word(1) }), patient)).toEqual(rejected('BANNED'));
    expect(await send(revoke, doctor)).toEqual(rejected('NOT_OWNER'));
    expect(await send(revoke, patient)).toEqual(applied);
    expect(await ledger.readState(decision.key(patient.address, GRANT))).toEqual({
      status: 'revoked',
      grantee: doctor.address,
      level: 'moderate',
      until: NOW + 1000,
      keyVersion: 1,
    });
    expect(await send(revoke, patient)).toEqual(rejected('ALREADY_REVOKED'));
    const other: Drafts = { type: 'denyAccess', patient: patient.address, request: word(2) };
    expect(await send(other, doctor)).toEqual(rejected('NOT_OWNER'));
    expect(await send(other, patient)).toEqual(applied);
    expect(await ledger.readState(decision.key(patient.address, word(2)))).toEqual({
      status: 'denied',
      grantee: `0x${'00'.repeat(20)}`,
      level: 'low',
      until: 0,
      keyVersion: 0,
    });
    expect(await send({ ...revoke, grant: word(2) }, patient)).toEqual(rejected('NO_GRANT'));
  });
});

describe('activity', () => {
  test('uses are applied or logged as violations', async () => {
    expect(await send(use(), doctor)).toEqual(violation('NO_GRANT'));
    expect(await send(grant(), patient)).toEqual(applied);
    expect(await send(use(), doctor)).toEqual(applied);
    expect(await send(use(), patient)).toEqual(violation('NO_GRANT'));
    expect(await send(use({ patient: stranger.address }), doctor)).toEqual(rejected('UNKNOWN_PARTICIPANT'));
    expect(await official('ban', patient.address, 1)).toEqual(applied);
    expect(await send(use(), doctor)).toEqual(violation('OWNER_BANNED'));
    expect(await official('reinstate', patient.address, 2)).toEqual(applied);
    expect(await send(use(), doctor)).toEqual(applied);
    await ledger.setTime(NOW + 999);
    expect(await send(use(), doctor)).toEqual(applied);
    await ledger.setTime(NOW + 1000);
    expect(await send(use(), doctor)).toEqual(violation('GRANT_EXPIRED'));
    expect(await send(revoke, patient)).toEqual(applied);
    expect(await send(use(), doctor)).toEqual(violation('GRANT_REVOKED'));
  });

  test('reports', async () => {
    expect(await send(report(), patient)).toEqual(applied);
    expect(await send(report(), doctor)).toEqual(rejected('NOT_OWNER'));
    expect(await send(report({ subject: stranger.address }), patient)).toEqual(rejected('UNKNOWN_PARTICIPANT'));
  });
});

describe('common checks', () => {
  test('standing of the actor', async () => {
    expect(await send(request(), stranger)).toEqual(rejected('NOT_REGISTERED'));
    expect(await send({ ...deny, patient: stranger.address }, stranger)).toEqual(rejected('NOT_REGISTERED'));
    expect(await official('ban', doctor.address, 1)).toEqual(applied);
    expect(await send(request(), doctor)).toEqual(rejected('BANNED'));
  });

  test('validity is half-open and at most a day', async () => {
    expect(await send(request(), doctor, NOW)).toEqual(rejected('COMMAND_EXPIRED'));
    expect(await send(request(), doctor, NOW + 1)).toEqual(applied);
    expect(await send(request(), doctor, NOW + 86_400)).toEqual(applied);
    expect(await send(request(), doctor, NOW + 86_401)).toEqual(rejected('VALIDITY_TOO_LONG'));
  });

  test('bytes that are no command', async () => {
    const good = await write(request(), domain, doctor);
    const changed = (index: number, value: number): Uint8Array => good.with(index, value);
    const cases: readonly Uint8Array[] = [
      Uint8Array.of(),
      Uint8Array.of(0),
      Uint8Array.of(14),
      good.slice(0, 100),
      good.slice(0, -1),
      new Uint8Array([...good, 0]),
      new Uint8Array([...good, ...new Uint8Array(65 * MAX_SIGNATURES)]),
      changed(1, 1),
      changed(1 + 32 + 31, 0),
      changed(1 + 32 + 31, 4),
      changed(1 + 32, 1),
      changed(1 + 64 + 31, 2),
      changed(1 + 96 + 26, 1),
      changed(1 + 160, 1),
      changed(1 + 192 + 26, 1),
    ];
    for (const wire of cases) expect(await ledger.sendRaw(wire)).toEqual(rejected('MALFORMED'));
    expect(await ledger.sendRaw(good)).toEqual(applied);
  });

  test('roles and clearance of a registration are within their ranges', async () => {
    const good = await registration(stranger, domain, THRESHOLD);
    const rolesEnd = 1 + 4 * 32;
    for (const [index, value] of [
      [rolesEnd - 1, 0],
      [rolesEnd - 2, 2],
      [rolesEnd - 3, 1],
      [rolesEnd + 31, 0],
      [rolesEnd + 31, 4],
    ] as const)
      expect(await ledger.sendRaw(good.with(index, value))).toEqual(rejected('MALFORMED'));
    expect(await ledger.sendRaw(good.with(rolesEnd - 2, 1))).toEqual(rejected('BAD_SIGNATURE'));
  });

  test('signatures of others, of other domains, malleable ones, too many and too few', async () => {
    const good = await write(request(), domain, doctor);
    const body = good.slice(0, -65);
    const signature = good.slice(-65);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const s = order - BigInt(`0x${Buffer.from(signature.slice(32, 64)).toString('hex')}`);
    const highS = [
      ...signature.slice(0, 32),
      ...fromHex(`0x${s.toString(16).padStart(64, '0')}`),
      signature[64] === 27 ? 28 : 27,
    ];
    const foreign = await write(request(), word(0xdd), doctor);
    const cases: readonly Uint8Array[] = [
      new Uint8Array([...body, ...highS]),
      foreign,
      body,
      new Uint8Array([...good, ...signature]),
      good.with(good.length - 1, 29),
      good.with(good.length - 1, (signature[64] ?? 0) - 27),
      new Uint8Array([...body, ...new Uint8Array(65)]),
      new Uint8Array([...body, ...new Uint8Array(64), 27]),
    ];
    for (const wire of cases) expect(await ledger.sendRaw(wire)).toEqual(rejected('BAD_SIGNATURE'));
    expect(await ledger.sendRaw(good)).toEqual(applied);
  });

  test('the authority signs exactly, ascending, with the participant last', async () => {
    const [first, second, third] = officials(3);
    if (first === undefined || second === undefined || third === undefined) throw new Error('three keys');
    const draft: Drafts = { type: 'ban', participant: doctor.address, expectedVersion: 1, reason: word(1) };
    const ban = async (...authority: CommandSigner[]): Promise<Answer> =>
      ledger.sendRaw(await write(draft, domain, { authority }));
    expect(await ban(first)).toEqual(rejected('BAD_SIGNATURE'));
    expect(await ban(second, first)).toEqual(rejected('BAD_SIGNATURE'));
    expect(await ban(first, first)).toEqual(rejected('BAD_SIGNATURE'));
    expect(await ban(first, second, third)).toEqual(rejected('BAD_SIGNATURE'));
    expect(await ban(first, doctor)).toEqual(rejected('BAD_SIGNATURE'));
    expect(await ban()).toEqual(rejected('BAD_SIGNATURE'));
    expect(await ban(first, third)).toEqual(applied);
    const entry = await registration(stranger, domain, THRESHOLD);
    const swapped = new Uint8Array([...entry.slice(0, -130), ...entry.slice(-65), ...entry.slice(-130, -65)]);
    expect(await ledger.sendRaw(swapped)).toEqual(rejected('BAD_SIGNATURE'));
    expect(await ledger.sendRaw(entry.slice(0, -65))).toEqual(rejected('BAD_SIGNATURE'));
    expect(await ledger.sendRaw(entry.slice(0, 1 + 7 * 32))).toEqual(rejected('BAD_SIGNATURE'));
    expect(await ledger.sendRaw(entry)).toEqual(applied);
  });
});

test('the contract indexes an entry under the id of its command', async () => {
  const wire = await write(request(), domain, doctor);
  const id = idOf(decodeCommand(wire).command, domain);
  expect(await ledger.sendRaw(wire)).toEqual(applied);
  expect((await ledger.ledger.submission(id).committed()).id).toBe(id);
});
