import { beforeEach, describe, expect, it } from 'vitest';
import { issueTicket } from '../src/phases/setup/issue-ticket.ts';
import { openRecord } from '../src/phases/sharing/open-record.ts';
import { fileRecord } from '../src/phases/storage/file-record.ts';
import { sealRecord } from '../src/phases/storage/seal-record.ts';
import { failure, general, type Hospital, openHospital, readText, text } from './hospital.ts';

let at: Hospital;
beforeEach(async () => {
  at = await openHospital();
});

const content = new TextEncoder().encode(text);

describe('an author', () => {
  it('cannot open what he sealed without a grant, unless the ticket lets him keep a stanza', async () => {
    const { doctor, patient } = at;
    const plain = await at.seal();
    expect(await failure(openRecord(doctor, { record: plain.id }))).toMatchObject({ code: 'NO_GRANT' });
    const laboratory = { compartment: 'laboratory', dataClass: 'observation' } as const;
    await issueTicket(patient, { author: doctor.id, ...laboratory, until: at.after(60), authorKeeps: true });
    const kept = { patient: patient.id, ...laboratory, content, mediaType: 'text/plain' };
    const record = await sealRecord(doctor, kept);
    expect(await readText(await openRecord(doctor, { record: record.id }))).toBe(text);
    expect(await readText(await openRecord(patient, { record: record.id }))).toBe(text);
    const { compartment } = laboratory;
    const { grantAccess } = await import('../src/phases/sharing/grant-access.ts');
    await grantAccess(patient, { grantee: at.colleague.id, compartment, level: 'low', until: at.after(60) });
    expect(await readText(await openRecord(at.colleague, { record: record.id }))).toBe(text);
  });

  it('seals at night while the patient is offline: nothing of hers but the ticket is needed', async () => {
    const { doctor, patient } = at;
    at.time += 8 * 3600;
    const record = await sealRecord(doctor, { patient: patient.id, ...general, content, mediaType: 'text/plain' });
    expect(await readText(await openRecord(patient, { record: record.id }))).toBe(text);
  });
});

describe('the inbox', () => {
  const toInbox = { dataClass: 'medical-record', content, mediaType: 'text/plain', inbox: true } as const;

  it('takes a record of an author without a ticket, for the patient alone', async () => {
    const { colleague, patient } = at;
    const record = await sealRecord(colleague, { patient: patient.id, ...toInbox });
    expect(await readText(await openRecord(patient, { record: record.id }))).toBe(text);
    expect(await failure(openRecord(colleague, { record: record.id }))).toMatchObject({ code: 'NO_GRANT' });
    expect(await failure(openRecord(at.doctor, { record: record.id }))).toMatchObject({ code: 'NO_GRANT' });
  });

  it('keeps it until she files it, and then grants reach it', async () => {
    const { colleague, patient } = at;
    const { id } = await sealRecord(at.doctor, { patient: patient.id, ...toInbox });
    await at.grant();
    expect(await failure(openRecord(colleague, { record: id }))).toMatchObject({ code: 'NO_GRANT' });
    const filed = await fileRecord(patient, { record: id, compartment: general.compartment });
    expect(await readText(await openRecord(colleague, { record: filed.id }))).toBe(text);
    expect(await failure(openRecord(patient, { record: id }))).toMatchObject({ code: 'RECORD_ERASED' });
    expect(await failure(fileRecord(patient, { record: id, compartment: 'general' }))).toMatchObject({
      code: 'UNKNOWN_RECORD',
    });
    expect(at.store.blobs.size).toBe(1);
  });

  it('needs a compartment otherwise', async () => {
    const { patient } = at;
    const missing = { patient: patient.id, ...toInbox, inbox: false };
    expect(await failure(sealRecord(at.doctor, missing))).toBeInstanceOf(TypeError);
  });
});
