import { expect, it } from 'vitest';
import { openRecord } from '../../src/phases/sharing/open-record.ts';
import { encodeHeader, parseHeader } from '../../src/seal/header.ts';
import { failure, openHospital, readText, text } from '../hospital.ts';
import { askAll, headerOf, useWithoutChecks } from './attacker.ts';

it('only the anchored one counts, for readers and for proxies', async () => {
  const at = await openHospital();
  const record = await at.seal();
  const grant = await at.grant();
  const genuine = await headerOf(at, record.id);
  const other = encodeHeader(parseHeader(genuine), new Uint8Array(32));
  await at.directory.delete('header', record.id);
  await at.directory.put('header', record.id, other);
  expect(await failure(openRecord(at.patient, { record: record.id }))).toMatchObject({ code: 'ABSENT' });
  const wanted = { patient: at.patient.id, grant, record: record.id, header: other };
  const use = await useWithoutChecks(at.colleague, wanted);
  expect(await askAll(at, use, other)).toEqual(['UNKNOWN_RECORD', 'UNKNOWN_RECORD', 'UNKNOWN_RECORD']);
  await at.directory.put('header', record.id, genuine);
  expect(await readText(await openRecord(at.patient, { record: record.id }))).toBe(text);
});
