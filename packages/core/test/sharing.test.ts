import { beforeEach, describe, expect, it } from 'vitest';
import { NotEnoughProxiesError } from '../src/errors/proxy-errors.ts';
import { denyAccess } from '../src/phases/sharing/deny-access.ts';
import { grantAccess } from '../src/phases/sharing/grant-access.ts';
import { openRecord } from '../src/phases/sharing/open-record.ts';
import { requestAccess } from '../src/phases/sharing/request-access.ts';
import { sealRecord } from '../src/phases/storage/seal-record.ts';
import { issueTicket } from '../src/phases/setup/issue-ticket.ts';
import { verifyStatement } from '../src/services/proxy-statement.ts';
import { readersOf } from '../src/view/readers.ts';
import { failure, general, type Hospital, openHospital, readText, text } from './hospital.ts';

let at: Hospital;
beforeEach(async () => {
  at = await openHospital();
});

describe('a record', () => {
  it('moves: sealed, asked for, granted, opened by the grantee and by its owner', async () => {
    const { doctor, colleague, patient, network } = at;
    const record = await at.seal();
    const asked = { patient: patient.id, compartment: 'general', purpose: 'TREAT', until: at.after(600) };
    const { id: request } = await requestAccess(colleague, { ...asked, reason: 'second opinion' });
    const grant = await grantAccess(patient, { request });
    expect(grant.id).toBe(request);
    expect(grant.faults).toEqual([]);
    const { domain } = network.ledger.genesis;
    const said = grant.acknowledgements.map((bytes) => verifyStatement(bytes, { domain }));
    expect(said.map(({ proxy }) => proxy).toSorted()).toEqual(network.proxies.map(({ id }) => id).toSorted());
    expect(said.every(({ kind, grant: number }) => kind === 'accepted' && number === request)).toBe(true);

    const opened = await openRecord(colleague, { record: record.id });
    expect(await readText(opened)).toBe(text);
    expect(opened).toMatchObject({ mediaType: 'text/plain', size: text.length, measuredAt: at.time });
    expect(await readText(await openRecord(patient, { record: record.id }))).toBe(text);

    await network.view.sync();
    expect(network.view.entries.at(-1)?.command).toMatchObject({ type: 'useAccess', actor: colleague.id });
    expect(network.view.grant(patient.id, request)).toMatchObject({ solicited: true, wider: false });
    expect(readersOf(network.view, record.id).map(({ id }) => id)).toEqual([patient.id, colleague.id]);
    expect(doctor.id).toBe(network.view.record(record.id)?.author);
  });

  it('opens in any size, and tells how far sealing is', async () => {
    const { doctor, patient } = at;
    const content = crypto.getRandomValues(new Uint8Array(65_536)).subarray(0, 65_536);
    const large = new Blob([content, content, content.subarray(1)]);
    const seen: number[] = [];
    const parameters = { patient: patient.id, ...general, mediaType: 'application/dicom' };
    const onProgress = (bytes: number): void => void seen.push(bytes);
    const record = await sealRecord(doctor, { ...parameters, content: large }, { onProgress });
    expect(seen.at(-1)).toBe(large.size);
    const opened = await openRecord(patient, { record: record.id });
    expect(await opened.bytes()).toEqual(new Uint8Array(await large.arrayBuffer()));
    const empty = await sealRecord(doctor, { ...parameters, content: new Uint8Array() });
    expect(await readText(await openRecord(patient, { record: empty.id }))).toBe('');
  });

  it('may be sealed by the patient herself', async () => {
    const { patient } = at;
    const content = new TextEncoder().encode('my diary');
    const parameters = { patient: patient.id, ...general, content, mediaType: 'text/plain' };
    const record = await sealRecord(patient, parameters);
    const grant = await at.grant();
    expect(await readText(await openRecord(at.colleague, { record: record.id, grant }))).toBe('my diary');
  });

  it('needs a ticket for this patient, compartment and class that has not run out', async () => {
    const { doctor, colleague, patient } = at;
    const seal = (parameters: object) => {
      const content = new Uint8Array(1);
      const plain = { patient: patient.id, ...general, content, mediaType: 'text/plain', ...parameters };
      return failure(sealRecord(doctor, plain));
    };
    const noTicket = expect.objectContaining({ code: 'NO_TICKET' }) as unknown;
    expect(await seal({ compartment: 'psychiatry' })).toEqual(noTicket);
    expect(await seal({ dataClass: 'observation' })).toEqual(noTicket);
    expect(await seal({ patient: colleague.id })).toEqual(noTicket);
    at.time += 86_400 * 30;
    expect(await seal({})).toEqual(noTicket);
    await issueTicket(patient, { author: doctor.id, ...general, until: at.after(1) });
    await expect(at.seal()).resolves.toHaveProperty('receipt');
    expect(at.store.blobs.size).toBe(1);
  });

  it('leaves nothing behind when the ledger refuses its anchor', async () => {
    const { patient } = at;
    const before = at.directory.objects().length;
    const stranger = at.network.actor((await openHospital()).colleague.keys);
    const own = { patient: stranger.id, ...general, content: new Uint8Array(9), mediaType: 'text/plain' };
    expect(await failure(sealRecord(stranger, own))).toMatchObject({ code: 'NOT_REGISTERED' });
    expect(at.store.blobs.size).toBe(0);
    expect(at.directory.objects().length).toBe(before);
    expect(patient.network.view.entries.some(({ command }) => command.type === 'anchorRecord')).toBe(false);
  });
});

describe('a grant', () => {
  it('of existing data does not cover a record anchored after it', async () => {
    const { colleague } = at;
    const old = await at.seal();
    const grant = await at.grant({ newData: false });
    const fresh = await at.seal('sealed later');
    expect(await readText(await openRecord(colleague, { record: old.id }))).toBe(text);
    expect(await failure(openRecord(colleague, { record: fresh.id }))).toMatchObject({ code: 'NO_GRANT' });
    const error = await failure(openRecord(colleague, { record: fresh.id, grant }));
    expect(error).toBeInstanceOf(NotEnoughProxiesError);
    expect(faultCodes(error)).toEqual(['OUT_OF_SCOPE', 'OUT_OF_SCOPE', 'OUT_OF_SCOPE']);
  });

  it('up to a lower level does not open a higher one', async () => {
    const { colleague, patient } = at;
    const record = await at.seal();
    const { compartment } = general;
    const wanted = { grantee: colleague.id, compartment, level: 'moderate', until: at.after(60) } as const;
    const { id: grant } = await grantAccess(patient, wanted);
    const error = await failure(openRecord(colleague, { record: record.id, grant }));
    expect(error).toMatchObject({ code: 'ABSENT' });
  });

  it('can be delivered again when proxies were down, and then only the latest fragments count', async () => {
    const { colleague, patient, proxies } = at;
    const record = await at.seal();
    const [first, second] = proxies;
    const asked = { patient: patient.id, compartment: 'general', purpose: 'TREAT', until: at.after(600) };
    const { id: request } = await requestAccess(colleague, asked);
    if (first === undefined || second === undefined) throw new Error('no proxies');
    const down = (proxy: typeof first): typeof first => ({
      ...proxy,
      id: proxy.id,
      accept: () => Promise.reject(new TypeError('connection refused')),
    });
    at.proxies[0] = down(first);
    at.proxies[1] = down(second);
    const error = await failure(grantAccess(patient, { request }));
    expect(error).toMatchObject({ code: 'NOT_ENOUGH_PROXIES', retryable: true });
    at.proxies[0] = first;
    at.proxies[1] = second;
    const again = await grantAccess(patient, { request });
    expect(again.acknowledgements).toHaveLength(3);
    expect(await readText(await openRecord(colleague, { record: record.id }))).toBe(text);
  });

  it('cannot follow a denial', async () => {
    const { colleague, patient } = at;
    const asked = { patient: patient.id, compartment: 'general', purpose: 'TREAT', until: at.after(600) };
    const { id: request } = await requestAccess(colleague, asked);
    await denyAccess(patient, { request });
    expect(await failure(grantAccess(patient, { request }))).toMatchObject({ code: 'ALREADY_DECIDED' });
    expect(await failure(grantAccess(patient, { request: `0x${'12'.repeat(32)}` }))).toMatchObject({
      code: 'NO_REQUEST',
    });
  });
});

function faultCodes(error: unknown): unknown[] {
  if (!(error instanceof NotEnoughProxiesError)) throw error;
  return error.faults.map(({ cause }) => (cause as { code?: string }).code);
}
