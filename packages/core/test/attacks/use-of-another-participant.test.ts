import { signCommand } from '@medseal/protocol';
import { cfragFromBytes, verifyCFrag, decapsulateReencrypted } from '@medseal/umbral';
import { expect, it } from 'vitest';
import { revokeAccess } from '../../src/phases/revocation/revoke-access.ts';
import { parseHeader } from '../../src/seal/header.ts';
import { verifyManifest } from '../../src/seal/manifest.ts';
import { verifyDeposit } from '../../src/seal/verify-deposit.ts';
import { LedgerView } from '../../src/view/ledger-view.ts';
import { openHospital } from '../hospital.ts';
import { testWord } from '../small-world.ts';
import { askAll, headerOf, useWithoutChecks } from './attacker.ts';

it('signed by somebody else is a bad signature, and in his own name a violation', async () => {
  const at = await openHospital();
  const record = await at.seal();
  const grant = await at.grant();
  const header = await headerOf(at, record.id);
  const headerDigest = at.network.view.record(record.id)?.headerDigest ?? testWord(0);
  const use = {
    type: 'useAccess',
    patient: at.patient.id,
    grant,
    record: record.id,
    headerDigest,
    actingPerson: testWord(1),
    actor: at.colleague.id,
    validUntil: at.time + 60,
  } as const;
  const forged = await signCommand(use, at.ledger.genesis.domain, at.doctor.keys.signer);
  await expect(at.ledger.submit(forged)).rejects.toMatchObject({ code: 'BAD_SIGNATURE' });
  const wanted = { patient: at.patient.id, grant, record: record.id, header };
  await expect(useWithoutChecks(at.doctor, wanted)).rejects.toMatchObject({ code: 'NO_GRANT' });
});

it('overheard gives fragments that open for the grantee alone', async () => {
  const at = await openHospital();
  const record = await at.seal();
  const grant = await at.grant();
  const header = await headerOf(at, record.id);
  const use = await useWithoutChecks(at.colleague, { patient: at.patient.id, grant, record: record.id, header });
  const { domain } = at.ledger.genesis;
  const manifests = await at.directory.get('manifest', grant);
  const manifest = manifests.map((bytes) => verifyManifest(bytes, { domain })).find(({ level }) => level === 'private');
  if (manifest === undefined) throw new Error('no manifest');
  const { delegatingPublicKey: delegatingKey, receivingPublicKey: receivingKey, verifyingKey } = manifest;
  const { capsule } = verifyDeposit(parseHeader(header), { domain, time: at.time });
  const cfrags = await Promise.all(
    at.proxies.map(async (proxy) => {
      const cfrag = cfragFromBytes(await proxy.reencrypt({ use, header }));
      return verifyCFrag(cfrag, capsule, { verifyingKey, delegatingKey, receivingKey });
    }),
  );
  const thief = at.doctor.keys.receivingSecret;
  expect(() => decapsulateReencrypted(thief, delegatingKey, capsule, cfrags)).toThrow(
    expect.objectContaining({ code: 'DECRYPTION_FAILED' }),
  );
});

it('replayed after the revocation is dropped by readers, and refused by proxies', async () => {
  const at = await openHospital();
  const record = await at.seal();
  const grant = await at.grant();
  const header = await headerOf(at, record.id);
  const use = await useWithoutChecks(at.colleague, { patient: at.patient.id, grant, record: record.id, header });
  const log = [];
  for await (const entry of at.ledger.entries()) log.push(entry);
  const wire = log.at(-1)?.wire ?? new Uint8Array();
  await revokeAccess(at.patient, { grant });
  expect(at.ledger.relay(wire)).toMatchObject({ outcome: 'violation', code: 'GRANT_REVOKED' });
  const view = new LedgerView(at.ledger);
  await view.sync();
  expect(view.entries.at(-1)).toMatchObject({ id: use, repeat: true, violation: 'GRANT_REVOKED' });
  // Her report must not frame him: the entry of this id is the one that was applied.
  expect(view.entry(use)?.violation).toBeUndefined();
  expect(await askAll(at, use, header)).toEqual(['NOT_LIVE', 'NOT_LIVE', 'NOT_LIVE']);
});
