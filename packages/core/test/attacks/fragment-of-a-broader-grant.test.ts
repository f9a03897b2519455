import { expect, it } from 'vitest';
import { revokeAccess } from '../../src/phases/revocation/revoke-access.ts';
import { grantAccess } from '../../src/phases/sharing/grant-access.ts';
import type { FragmentDelivery, Proxy } from '../../src/ports/proxy.ts';
import { failure, general, type Hospital, openHospital } from '../hospital.ts';
import { askAll, headerOf, useWithoutChecks } from './attacker.ts';

interface Heard {
  readonly to: Proxy;
  readonly delivery: FragmentDelivery;
}

/** Keeps what the patient hands to the proxies, as one who listens on the line would. */
function listen(at: Hospital): Heard[] {
  const heard: Heard[] = [];
  at.proxies.splice(
    0,
    3,
    ...at.proxies.map((proxy): Proxy => ({
      id: proxy.id,
      reencrypt: (request) => proxy.reencrypt(request),
      notice: (wire) => proxy.notice(wire),
      accept: (delivery) => {
        heard.push({ to: proxy, delivery });
        return proxy.accept(delivery);
      },
    })),
  );
  return heard;
}

it('does not serve under a new, narrower grant', async () => {
  const at = await openHospital();
  const record = await at.seal();
  const heard = listen(at);
  const broad = await at.grant();
  const deliveries = heard.splice(0);
  await revokeAccess(at.patient, { grant: broad });
  const { compartment } = general;
  const narrow = { grantee: at.colleague.id, compartment, level: 'low', until: at.after(60) } as const;
  const { id: grant } = await grantAccess(at.patient, narrow);
  // The old fragments, delivered again: their manifest names the old grant, which is dead.
  expect(deliveries.length).toBeGreaterThan(2);
  for (const { to, delivery } of deliveries) {
    const error = await failure(to.accept(delivery));
    expect(['NOT_LIVE', 'OUT_OF_SCOPE']).toContain((error as { code: string }).code);
  }
  const header = await headerOf(at, record.id);
  const use = await useWithoutChecks(at.colleague, { patient: at.patient.id, grant, record: record.id, header });
  // No fragment of the new grant fits a private record, so the rule of scope speaks first.
  expect(await askAll(at, use, header)).toEqual(['OUT_OF_SCOPE', 'OUT_OF_SCOPE', 'OUT_OF_SCOPE']);
});

it('does not serve for another compartment', async () => {
  const at = await openHospital();
  const record = await at.seal();
  const wanted = { grantee: at.colleague.id, compartment: 'dermatology', until: at.after(60) } as const;
  const { id: grant } = await grantAccess(at.patient, wanted);
  const header = await headerOf(at, record.id);
  const use = await useWithoutChecks(at.colleague, { patient: at.patient.id, grant, record: record.id, header });
  expect(await askAll(at, use, header)).toEqual(['OUT_OF_SCOPE', 'OUT_OF_SCOPE', 'OUT_OF_SCOPE']);
});
