import { expect, it } from 'vitest';
import { rotateKeys } from '../../src/phases/setup/rotate-keys.ts';
import { encodeKeyDocument, keyDocumentOf } from '../../src/keys/key-document.ts';
import { generateKeys } from '../../src/keys/participant-keys.ts';
import { failure, openHospital } from '../hospital.ts';
import { askAll, headerOf, useWithoutChecks } from './attacker.ts';

it('after the grant ends the grant, at the ledger and at every proxy', async () => {
  const at = await openHospital();
  const record = await at.seal();
  const grant = await at.grant();
  const header = await headerOf(at, record.id);
  const wanted = { patient: at.patient.id, grant, record: record.id, header };
  const use = await useWithoutChecks(at.colleague, wanted);
  expect(await askAll(at, use, header)).toEqual(['ok', 'ok', 'ok']);
  await rotateKeys(at.colleague);
  expect(await askAll(at, use, header)).toEqual(['NOT_LIVE', 'NOT_LIVE', 'NOT_LIVE']);
  expect(await failure(useWithoutChecks(at.colleague, wanted))).toMatchObject({ code: 'KEYS_CHANGED' });
});

it('in the directory alone reaches nobody: only the attested key document counts', async () => {
  const at = await openHospital();
  await at.seal();
  const thief = generateKeys();
  const document = encodeKeyDocument({ ...keyDocumentOf(thief), address: at.colleague.id });
  await at.directory.delete('keyDocument', at.colleague.id);
  await at.directory.put('keyDocument', at.colleague.id, document);
  expect(await failure(at.grant())).toMatchObject({ code: 'ABSENT' });
});
