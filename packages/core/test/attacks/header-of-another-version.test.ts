import { expect, it } from 'vitest';
import { openRecord } from '../../src/phases/sharing/open-record.ts';
import { parseHeader } from '../../src/seal/header.ts';
import { failure, openHospital } from '../hospital.ts';
import { headerOf } from './attacker.ts';

it('is refused by its version or suite byte, before anything else is read', async () => {
  const at = await openHospital();
  const record = await at.seal();
  const header = await headerOf(at, record.id);
  for (const [place, field] of [
    [4, 'version'],
    [5, 'suite'],
  ] as const) {
    const altered = header.slice();
    altered[place] = 0xee;
    expect(() => parseHeader(altered)).toThrow(expect.objectContaining({ code: 'MALFORMED_OBJECT', field }));
    await at.directory.delete('header', record.id);
    await at.directory.put('header', record.id, altered);
    expect(await failure(openRecord(at.patient, { record: record.id }))).toMatchObject({ code: 'ABSENT' });
  }
});
