import { fromHex, type Hex } from '@medseal/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../src/actor/actor.ts';
import { NotEnoughProxiesError } from '../src/errors/proxy-errors.ts';
import { compartmentTag } from '../src/keys/compartment.ts';
import { generateKeys } from '../src/keys/participant-keys.ts';
import { memoryProxyState } from '../src/memory/memory-proxy-state.ts';
import { eraseRecord } from '../src/phases/revocation/erase-record.ts';
import { revokeAccess } from '../src/phases/revocation/revoke-access.ts';
import { rotateRecords } from '../src/phases/revocation/rotate-records.ts';
import { issueTicket } from '../src/phases/setup/issue-ticket.ts';
import { register } from '../src/phases/setup/register.ts';
import { rotateKeys } from '../src/phases/setup/rotate-keys.ts';
import { grantAccess, type Grant } from '../src/phases/sharing/grant-access.ts';
import type { GrantAccessParameters } from '../src/phases/sharing/grant-terms.ts';
import { learnRecordLists } from '../src/phases/sharing/learn-record-lists.ts';
import { openRecord } from '../src/phases/sharing/open-record.ts';
import { requestAccess } from '../src/phases/sharing/request-access.ts';
import { sealRecord } from '../src/phases/storage/seal-record.ts';
import type { FragmentDelivery, Proxy } from '../src/ports/proxy.ts';
import { recordListContext } from '../src/recipients/box-contexts.ts';
import { sealTo } from '../src/recipients/participant-box.ts';
import type { DataClass } from '../src/seal/data-class.ts';
import { encodeRecordList, listScope, parseRecordList } from '../src/seal/record-list.ts';
import { consentCommitment, parseConsent } from '../src/seal/terms.ts';
import { encodeState, parseState } from '../src/services/saved-state.ts';
import { ReEncryptionProxy } from '../src/services/re-encryption-proxy.ts';
import { LedgerView } from '../src/view/ledger-view.ts';
import { liveGrants, readersOf } from '../src/view/readers.ts';
import { publicKeyOf } from '@medseal/umbral';
import { failure, type Hospital, openHospital, readText } from './hospital.ts';
import { stopAfter } from './stop-after.ts';

let at: Hospital;
let second: Actor;
beforeEach(async () => {
  at = await openHospital();
  const keys = generateKeys();
  await register(at.authority, { keys, roles: ['provider'], clearance: 'private', person: 'second opinion' });
  second = at.network.actor(keys);
});

/** Seals into a compartment, with a ticket for it. */
async function seal(content: string, compartment = 'general', dataClass: DataClass = 'medical-record'): Promise<Hex> {
  const right = { compartment, dataClass };
  await issueTicket(at.patient, { author: at.doctor.id, ...right, until: at.after(86_400) });
  const what = { content: new TextEncoder().encode(content), mediaType: 'text/plain' };
  return (await sealRecord(at.doctor, { patient: at.patient.id, ...right, ...what })).id;
}

function grantRecords(records: readonly Hex[], more: GrantAccessParameters = {}): Promise<Grant> {
  return grantAccess(at.patient, { grantee: at.colleague.id, until: at.after(3600), records, ...more });
}

async function open(actor: Actor, record: Hex, grant?: Hex): Promise<string> {
  at.time += 1;
  return readText(await openRecord(actor, { record, grant }));
}

function codes(error: unknown): unknown[] {
  if (!(error instanceof NotEnoughProxiesError)) throw error;
  return error.faults.map(({ kind, cause }) => (cause as { code?: string } | undefined)?.code ?? kind);
}

/** The same participant on a device of his own, whose view has read the same log and been told nothing else. */
function onAnotherDevice(actor: Actor): Actor {
  const view = new LedgerView(at.ledger, { now: () => at.time });
  return { ...actor, network: { ...actor.network, view } };
}

function down({ id }: Proxy): Proxy {
  const refuse = () => Promise.reject(new TypeError('connection refused'));
  return { id, accept: refuse, reencrypt: refuse, notice: refuse };
}

/** Lets every delivery pass through `alter` on its way to a proxy. */
function altering(alter: (delivery: FragmentDelivery, proxy: Proxy) => Promise<FragmentDelivery>): void {
  const through = (proxy: Proxy): Proxy => ({
    id: proxy.id,
    reencrypt: (request) => proxy.reencrypt(request),
    notice: (wire) => proxy.notice(wire),
    accept: async (delivery) => proxy.accept(await alter(delivery, proxy)),
  });
  at.proxies.splice(0, 3, ...at.proxies.map(through));
}

describe('a grant of records', () => {
  it('opens exactly these, in whatever compartments and levels they are', async () => {
    const general = [await seal('one'), await seal('two'), await seal('three')] as const;
    const heart = await seal('heart', 'cardiology', 'observation');
    const { id } = await grantRecords([heart, general[0]]);
    expect(await open(at.colleague, general[0])).toBe('one');
    expect(await open(at.colleague, heart)).toBe('heart');
    for (const record of general.slice(1)) {
      expect(await failure(open(at.colleague, record))).toMatchObject({ code: 'NO_GRANT' });
      expect(codes(await failure(open(at.colleague, record, id)))).toEqual(Array(3).fill('OUT_OF_SCOPE'));
    }
    expect(at.network.view.grant(at.patient.id, id)).toMatchObject({ level: 'private', newData: false });
    const later = await seal('sealed later');
    expect(codes(await failure(open(at.colleague, later, id)))).toEqual(Array(3).fill('OUT_OF_SCOPE'));
  });

  it('opens records of the same level and epoch in several compartments', async () => {
    const compartments = ['general', 'cardiology', 'dermatology'];
    const records: Hex[] = [];
    for (const compartment of compartments) records.push(await seal(compartment, compartment, 'observation'));
    await grantRecords(records);
    for (const [index, record] of records.entries()) expect(await open(at.colleague, record)).toBe(compartments[index]);
  });

  it('gives two grantees two lists, neither of which opens the other’s', async () => {
    const records = [await seal('one'), await seal('two'), await seal('both')] as const;
    const first = await grantRecords([records[0], records[2]]);
    const other = await grantRecords([records[1], records[2]], { grantee: second.id });
    expect(await open(at.colleague, records[0])).toBe('one');
    expect(await open(second, records[1])).toBe('two');
    expect(await open(at.colleague, records[2])).toBe('both');
    expect(await open(second, records[2])).toBe('both');
    expect(codes(await failure(open(at.colleague, records[1], first.id)))).toEqual(Array(3).fill('OUT_OF_SCOPE'));
    expect(codes(await failure(open(second, records[0], other.id)))).toEqual(Array(3).fill('OUT_OF_SCOPE'));
    // Another's grant is none of his.
    expect(await failure(open(second, records[0], first.id))).toMatchObject({ code: 'NO_GRANT' });
  });

  it('may narrow the compartment that was asked for to some of its records', async () => {
    const records = [await seal('one'), await seal('two')] as const;
    const asked = { patient: at.patient.id, compartment: 'general', purpose: 'HRESCH', until: at.after(600) };
    const { id: request } = await requestAccess(at.colleague, asked);
    const { consent } = await grantAccess(at.patient, { request, records: [records[1]], text: 'This one.' });
    expect(await open(at.colleague, records[1], request)).toBe('two');
    expect(await failure(open(at.colleague, records[0]))).toMatchObject({ code: 'NO_GRANT' });
    expect(at.network.view.grant(at.patient.id, request)).toMatchObject({ solicited: true, wider: false });
    const { grant } = at.network.view.grant(at.patient.id, request) ?? {};
    expect(grant?.consent).toBe(consentCommitment(consent));
    expect(parseConsent(consent)).toMatchObject({
      granted: { records: grant?.scope },
      purpose: 'HRESCH',
      text: 'This one.',
      newData: false,
    });
  });

  it('is refused where the parameters do not go together', async () => {
    const record = await seal('one');
    const refused: readonly [GrantAccessParameters, unknown][] = [
      [{ records: [record], compartment: 'general' }, TypeError],
      [{ records: [record], newData: true }, TypeError],
      [{ records: [] }, RangeError],
      [{}, TypeError],
    ];
    const to = { grantee: at.colleague.id, until: at.after(60) };
    for (const [parameters, kind] of refused)
      expect(await failure(grantAccess(at.patient, { ...to, ...parameters }))).toBeInstanceOf(kind);
    await expect(grantRecords([record, record], { newData: false })).resolves.toHaveProperty('id');
  });

  it('leaves no list behind when the ledger refuses it', async () => {
    const record = await seal('one');
    const before = at.directory.objects().length;
    const late = failure(grantRecords([record], { until: at.after(-1) }));
    expect(await late).toMatchObject({ code: 'UNTIL_PASSED' });
    expect(at.directory.objects()).toHaveLength(before);
  });

  it('is of the patient’s own records that stand in a compartment', async () => {
    const record = await seal('one');
    const erased = await seal('two');
    await eraseRecord(at.patient, { record: erased });
    const left = {
      patient: at.patient.id,
      dataClass: 'observation',
      content: new Uint8Array(1),
      mediaType: 'text/plain',
    } as const;
    const inbox = await sealRecord(at.doctor, { ...left, inbox: true });
    const keys = generateKeys();
    await register(at.authority, { keys, roles: ['patient'], clearance: 'private', person: 'another patient' });
    const other = at.network.actor(keys);
    const own = await sealRecord(other, { ...left, patient: other.id, compartment: 'general' });
    for (const [id, code] of [
      [erased, 'RECORD_ERASED'],
      [inbox.id, 'NO_TICKET'],
      [own.id, 'UNKNOWN_RECORD'],
      [`0x${'12'.repeat(32)}`, 'UNKNOWN_RECORD'],
    ] as const)
      expect(await failure(grantRecords([record, id]))).toMatchObject({ code });
    expect([...at.network.view.grants()]).toEqual([]);
  });

  it('has the highest level among its records, or a higher one, never a lower', async () => {
    const low = await seal('low', 'general', 'observation');
    const moderate = await seal('moderate', 'general', 'lifelog');
    const levelOf = async (records: readonly Hex[], more?: GrantAccessParameters): Promise<unknown> =>
      at.network.view.grant(at.patient.id, (await grantRecords(records, more)).id)?.level;
    expect(await levelOf([low])).toBe('low');
    expect(await levelOf([low, moderate])).toBe('moderate');
    expect(await levelOf([low], { level: 'private' })).toBe('private');
    const error = await failure(grantRecords([low, moderate], { level: 'low' }));
    expect(error).toMatchObject({ code: 'LEVEL_EXCEEDED' });
  });

  it('loses a record that is erased, or sealed anew under another id', async () => {
    const records = [await seal('one'), await seal('two')] as const;
    const elsewhere = await seal('three', 'cardiology');
    const { id } = await grantRecords([...records, elsewhere]);
    await eraseRecord(at.patient, { record: records[0] });
    expect(await failure(open(at.colleague, records[0]))).toMatchObject({ code: 'RECORD_ERASED' });
    await revokeAccess(at.patient, { grant: await at.grant() });
    const [{ fresh } = { fresh: '0x' as Hex }] = await rotateRecords(at.patient, { compartment: 'general' });
    expect(await failure(open(at.colleague, records[1]))).toMatchObject({ code: 'RECORD_ERASED' });
    expect(await failure(open(at.colleague, fresh))).toMatchObject({ code: 'NO_GRANT' });
    // There is no key fragment of the new epoch, so that his own application finds no manifest.
    expect(await failure(open(at.colleague, fresh, id))).toMatchObject({ code: 'ABSENT' });
    expect(await open(at.colleague, elsewhere)).toBe('three');
  });
});

describe('the list', () => {
  it('lies in the directory sealed, for the grantee and for the patient, and for nobody else', async () => {
    const records = [await seal('one'), await seal('two')];
    await grantRecords(records);
    const listed = (actor: Actor): Promise<number> => {
      const device = onAnotherDevice(actor);
      return learnRecordLists(device).then(() => readersOf(device.network.view, records[0] ?? '0x').length);
    };
    expect(await Promise.all([at.patient, at.colleague, second].map(listed))).toEqual([2, 2, 1]);
    const clear = records.map((id) => Buffer.from(fromHex(id)));
    for (const object of at.directory.objects())
      for (const id of clear) expect(Buffer.from(object).includes(id)).toBe(false);
  });

  it('is found by the grantee’s other device, and by the patient’s after she rotated her keys', async () => {
    const record = await seal('one');
    await grantRecords([record]);
    expect(await open(onAnotherDevice(at.colleague), record)).toBe('one');
    const { keys } = await rotateKeys(at.patient);
    const device = onAnotherDevice(at.network.actor(keys));
    await learnRecordLists(device);
    expect(readersOf(device.network.view, record)).toHaveLength(2);
  });

  it('is not believed when somebody puts another one in its place', async () => {
    const records = [await seal('one'), await seal('two')] as const;
    const { id } = await grantRecords([records[0]]);
    const scope = at.network.view.grant(at.patient.id, id)?.scope ?? '0x';
    const both = encodeRecordList({ salt: new Uint8Array(32), records: records.toSorted() });
    const context = recordListContext(at.ledger.genesis.domain, at.colleague.id);
    const box = await sealTo(publicKeyOf(at.colleague.keys.receivingSecret), both, context);
    const kept = await at.directory.get('recordList', scope);
    await at.directory.delete('recordList', scope);
    for (const object of [new Uint8Array(3), box, ...kept]) await at.directory.put('recordList', scope, object);
    const device = onAnotherDevice(at.colleague);
    expect(await open(device, records[0])).toBe('one');
    expect(await failure(open(device, records[1]))).toMatchObject({ code: 'NO_GRANT' });
    expect(device.network.view.listedRecords(scope)).toEqual([records[0]]);
  });

  it('is refused by every proxy when it is another than the grant’s, when it is missing, or is none', async () => {
    const records = [await seal('one'), await seal('two')] as const;
    const { domain } = at.ledger.genesis;
    const other = encodeRecordList({ salt: new Uint8Array(32), records: records.toSorted() });
    const sealed = async (list: Uint8Array, id: Hex): Promise<Uint8Array> => {
      const keys = await at.directory.get('keyDocument', id);
      const { parseKeyDocument } = await import('../src/keys/key-document.ts');
      const { receivingPublicKey } = parseKeyDocument(keys[0] ?? new Uint8Array());
      return sealTo(receivingPublicKey, list, recordListContext(domain, id));
    };
    let alter: (delivery: FragmentDelivery, proxy: Proxy) => Promise<FragmentDelivery>;
    altering((delivery, proxy) => alter(delivery, proxy));
    const answers = async (change: typeof alter): Promise<unknown[]> => {
      alter = change;
      return codes(await failure(grantRecords([records[0]])));
    };
    expect(await answers(async ({ manifest, box }) => ({ manifest, box }))).toEqual(Array(3).fill('OUT_OF_SCOPE'));
    expect(await answers(async (delivery, { id }) => ({ ...delivery, records: await sealed(other, id) }))).toEqual(
      Array(3).fill('OUT_OF_SCOPE'),
    );
    const junk = await answers(async (delivery, { id }) => ({
      ...delivery,
      records: await sealed(other.slice(1), id),
    }));
    expect(junk).toEqual(Array(3).fill('MALFORMED_OBJECT'));
    const foreign = await answers(async (delivery) => ({ ...delivery, records: await sealed(other, at.doctor.id) }));
    expect(foreign).toEqual(Array(3).fill('DECRYPTION_FAILED'));
  });

  it('keeps proxies from taking charge of keys that none of its records needs', async () => {
    const record = await seal('one', 'general', 'observation');
    await seal('another level');
    const { deliverFragments } = await import('../src/actor/deliver-fragments.ts');
    const { id: grant } = await grantRecords([record], { level: 'private' });
    const { findRecordList } = await import('../src/actor/find-record-list.ts');
    const scope = at.network.view.grant(at.patient.id, grant)?.scope ?? '0x';
    const list = await findRecordList(at.patient, scope);
    const compartment = compartmentTag(at.patient.keys, 'general');
    const wide = [
      { compartment, level: 'private', epoch: 1 },
      { compartment, level: 'low', epoch: 2 },
      { compartment: compartmentTag(at.patient.keys, 'other'), level: 'low', epoch: 1 },
    ] as const;
    for (const label of wide) {
      const delivery = { grant, grantee: at.colleague.id, labels: [label], list };
      expect(codes(await failure(deliverFragments(at.patient, delivery)))).toEqual(Array(3).fill('OUT_OF_SCOPE'));
    }
  });

  it('can be delivered again, under the number of the grant, when proxies were down', async () => {
    const records = [await seal('one'), await seal('two')] as const;
    const [first, other] = at.proxies;
    if (first === undefined || other === undefined) throw new Error('no proxies');
    at.proxies.splice(0, 2, down(first), down(other));
    expect(await failure(grantRecords([records[0]]))).toMatchObject({ code: 'NOT_ENOUGH_PROXIES' });
    at.proxies.splice(0, 2, first, other);
    const [given] = at.network.view.grants();
    const request = given?.id ?? '0x';
    // On her other device, which was told nothing.
    const patient = onAnotherDevice(at.patient);
    const again = await grantAccess(patient, { request, records: [records[0]] });
    expect(again).toMatchObject({ id: request, faults: [] });
    expect(again.acknowledgements).toHaveLength(3);
    expect(await open(at.colleague, records[0])).toBe('one');
    expect(await failure(grantAccess(patient, { request, records }))).toMatchObject({ code: 'ALREADY_DECIDED' });
    expect([...patient.network.view.grants()]).toHaveLength(1);
    await at.directory.delete('recordList', given?.scope ?? '0x');
    const lost = grantAccess(onAnotherDevice(at.patient), { request });
    expect(await failure(lost)).toMatchObject({ code: 'ABSENT' });
  });
});

describe('an interrupted grant', () => {
  // Her copy of the list, the grant, the manifest, the grantee's list.
  it.each([0, 1, 2, 3])('after %i steps is completed, and nothing is granted twice', async (steps) => {
    const records = [await seal('one'), await seal('two')] as const;
    const resume = stopAfter(at, steps);
    expect(await failure(grantRecords([records[0]]))).toBeInstanceOf(TypeError);
    resume();
    at.time += 1;
    const device = onAnotherDevice(at.patient);
    await device.network.view.sync();
    const [standing] = liveGrants(device.network.view);
    expect(standing !== undefined).toBe(steps > 1);
    const to = { grantee: at.colleague.id, until: at.after(60), records: [records[0]] };
    const { id } = await grantAccess(device, standing === undefined ? to : { request: standing.id });
    await device.network.view.sync();
    expect(liveGrants(device.network.view).map((grant) => grant.id)).toEqual([id]);
    expect(await open(onAnotherDevice(at.colleague), records[0])).toBe('one');
    expect(codes(await failure(open(at.colleague, records[1], id)))).toEqual(Array(3).fill('OUT_OF_SCOPE'));
  });
});

describe('a proxy that is started again', () => {
  it('still knows the list, keeps it sealed, and keeps it once however many fragments share it', async () => {
    const keys = generateKeys();
    const state = memoryProxyState();
    const started = (): ReEncryptionProxy =>
      new ReEncryptionProxy({ ledger: at.ledger, directory: at.directory, keys, state, clock: () => at.time });
    await register(at.authority, { keys, roles: ['proxy'], clearance: 'low', person: 'a fourth proxy' });
    at.proxies[0] = started();
    const records = [await seal('one'), await seal('two', 'general', 'observation'), await seal('three')] as const;
    await grantRecords([records[0], records[1]]);
    const saved = (await state.load()) ?? new Uint8Array();
    const { deliveries } = parseState(saved);
    expect(deliveries).toHaveLength(2);
    expect(deliveries[0]?.records).toEqual(deliveries[1]?.records);
    const [sealed] = deliveries.map((delivery) => Buffer.from(delivery.records ?? []));
    expect(Buffer.from(saved).indexOf(sealed ?? '')).toBe(Buffer.from(saved).lastIndexOf(sealed ?? ''));
    expect(Buffer.from(saved).includes(Buffer.from(fromHex(records[0])))).toBe(false);
    expect(encodeState(parseState(saved))).toEqual(saved);

    const [, other] = at.proxies;
    if (other === undefined) throw new Error('no proxy');
    at.proxies.splice(0, 3, started(), other);
    expect(await open(at.colleague, records[0])).toBe('one');
    expect(await open(at.colleague, records[1])).toBe('two');
    const [{ id: grant } = { id: undefined }] = at.network.view.grants();
    expect(codes(await failure(open(at.colleague, records[2], grant)))).toEqual(['OUT_OF_SCOPE', 'OUT_OF_SCOPE']);
  });
});

it('the scope on the ledger is the root of the list, and tells nothing of it', async () => {
  const records = [await seal('one'), await seal('two')];
  const [first, other] = [await grantRecords(records), await grantRecords(records)];
  const scopes = [first.id, other.id].map((id) => at.network.view.grant(at.patient.id, id)?.scope);
  expect(scopes[0]).not.toBe(scopes[1]);
  const { findRecordList } = await import('../src/actor/find-record-list.ts');
  const list = await findRecordList(at.patient, scopes[0] ?? '0x');
  const parsed = parseRecordList(list ?? new Uint8Array());
  expect(parsed.records).toEqual(records.toSorted());
  expect(listScope(parsed)).toBe(scopes[0]);
});
