import type { Answer, LedgerUnderTest } from '@medseal/conformance';
import { type CommandSigner, type Domain, participant } from '@medseal/protocol';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { ethereumDriver } from './driver.ts';
import { authorityOf, doctor, NOW, officials, patient, registration, word, write } from './people.ts';

const driver = ethereumDriver();
let ledger: LedgerUnderTest;
let domain: Domain;

beforeEach(async () => {
  ledger = await driver.create({ authority: authorityOf(1), time: NOW });
  domain = ledger.ledger.genesis.domain;
  await ledger.sendRaw(await registration(patient, domain, 1));
  await ledger.sendRaw(await registration(doctor, domain, 1, { roles: ['provider'] }));
});

afterAll(() => driver[Symbol.asyncDispose]());

type Drafts = Parameters<typeof write>[0];

const applied: Answer = { outcome: 'applied' };

async function send(draft: Drafts, by: CommandSigner | { authority: readonly CommandSigner[] }): Promise<Answer> {
  return ledger.sendRaw(await write(draft, domain, by));
}

const ban = (who: CommandSigner): Promise<Answer> =>
  send({ type: 'ban', participant: who.address, expectedVersion: 1, reason: word(0xee) }, { authority: officials(1) });

const rotate = (expectedKeyVersion: number): Drafts => ({
  type: 'rotateKeys',
  keyDocument: word(0x11),
  expectedKeyVersion,
});

const grant = (number: number, keyVersion: number): Drafts => ({
  type: 'grantAccess',
  patient: patient.address,
  request: word(number),
  grantee: doctor.address,
  keyVersion,
  scope: word(6),
  level: 'moderate',
  newData: true,
  until: NOW + 1000,
  consent: word(7),
});

const use = (number: number): Drafts => ({
  type: 'useAccess',
  patient: patient.address,
  grant: word(number),
  record: word(8),
  headerDigest: word(9),
  actingPerson: word(0),
});

test('a rotation counts the versions of the keys and changes nothing else', async () => {
  const before = await ledger.readState(participant.key(doctor.address));
  const stale = { outcome: 'rejected', code: 'STALE_VERSION' };
  expect(await send(rotate(2), doctor)).toEqual(stale);
  expect(await send(rotate(1), doctor)).toEqual(applied);
  expect(await send(rotate(1), doctor)).toEqual(stale);
  expect(await ledger.readState(participant.key(doctor.address))).toEqual({ ...before, keyVersion: 2 });
  expect(await ban(doctor)).toEqual(applied);
  expect(await send(rotate(2), doctor)).toEqual({ outcome: 'rejected', code: 'BANNED' });
});

test('a rotation ends the grants to the old keys', async () => {
  expect(await send(grant(1, 1), patient)).toEqual(applied);
  expect(await send(rotate(1), doctor)).toEqual(applied);
  expect(await send(use(1), doctor)).toEqual({ outcome: 'violation', code: 'KEYS_CHANGED' });
  expect(await send(grant(2, 1), patient)).toEqual({ outcome: 'rejected', code: 'STALE_VERSION' });
  expect(await send(grant(2, 2), patient)).toEqual(applied);
  expect(await send(use(2), doctor)).toEqual(applied);
  expect(await send({ type: 'revokeAccess', patient: patient.address, grant: word(1) }, patient)).toEqual(applied);
});

const own = { patient: patient.address, record: word(1) };

test.each<Drafts>([
  { type: 'supersedeRecord', ...own, previousHeader: word(3), headerDigest: word(4) },
  { type: 'eraseRecord', ...own, reason: word(2) },
])('only the patient changes a record: $type', async (draft) => {
  expect(await send(draft, doctor)).toEqual({ outcome: 'rejected', code: 'NOT_OWNER' });
  expect(await send(draft, patient)).toEqual(applied);
  expect(await ban(patient)).toEqual(applied);
  expect(await send(draft, patient)).toEqual({ outcome: 'rejected', code: 'BANNED' });
});
