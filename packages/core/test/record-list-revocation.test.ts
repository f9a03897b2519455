import type { Hex } from '@medseal/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../src/actor/actor.ts';
import { submitAs } from '../src/actor/submit-command.ts';
import { compartmentTag } from '../src/keys/compartment.ts';
import { generateKeys } from '../src/keys/participant-keys.ts';
import { renewCompartment } from '../src/phases/revocation/renew-compartment.ts';
import { resumeRekeying } from '../src/phases/revocation/resume-rekeying.ts';
import { revokeAccess } from '../src/phases/revocation/revoke-access.ts';
import { ban } from '../src/phases/setup/ban.ts';
import { reinstate } from '../src/phases/setup/reinstate.ts';
import { issueTicket } from '../src/phases/setup/issue-ticket.ts';
import { register } from '../src/phases/setup/register.ts';
import { grantAccess } from '../src/phases/sharing/grant-access.ts';
import { openRecord } from '../src/phases/sharing/open-record.ts';
import { sealRecord } from '../src/phases/storage/seal-record.ts';
import { verifyManifest } from '../src/seal/manifest.ts';
import { LedgerView } from '../src/view/ledger-view.ts';
import { liveGrants } from '../src/view/readers.ts';
import { failure, type Hospital, openHospital, readText } from './hospital.ts';
import { stopAfter } from './stop-after.ts';

let at: Hospital;
beforeEach(async () => {
  at = await openHospital();
  for (const compartment of ['general', 'cardiology', 'unlisted'])
    await issueTicket(at.patient, { author: at.doctor.id, ...deposit(compartment), until: at.after(86_400) });
});

function deposit(compartment: string) {
  return { compartment, dataClass: 'observation' } as const;
}

async function seal(compartment: string, content = compartment): Promise<Hex> {
  const what = { content: new TextEncoder().encode(content), mediaType: 'text/plain' };
  return (await sealRecord(at.doctor, { patient: at.patient.id, ...deposit(compartment), ...what })).id;
}

async function grantRecords(records: readonly Hex[]): Promise<Hex> {
  return (await grantAccess(at.patient, { grantee: at.colleague.id, until: at.after(3600), records })).id;
}

function epochs(): readonly number[] {
  return ['general', 'cardiology', 'unlisted'].map((name) =>
    at.network.view.epoch(at.patient.id, compartmentTag(at.patient.keys, name)),
  );
}

function tag(name: string): Hex {
  return compartmentTag(at.patient.keys, name);
}

async function open(actor: Actor, record: Hex): Promise<string> {
  at.time += 1;
  return readText(await openRecord(actor, { record }));
}

/** Grants somebody who keeps it everything in a compartment. */
async function keeper(compartment: string): Promise<Actor> {
  const keys = generateKeys();
  await register(at.authority, { keys, roles: ['provider'], clearance: 'private', person: `keeper of ${compartment}` });
  const all = { compartment, level: 'low', until: at.after(3600) } as const;
  await grantAccess(at.patient, { grantee: keys.address, ...all });
  return at.network.actor(keys);
}

describe('renewal of a compartment', () => {
  it('moves it one epoch on; authors and grantees follow, and nobody loses access', async () => {
    const old = await seal('general', 'before');
    const grantee = await keeper('general');
    const kept = liveGrants(at.network.view).map(({ id }) => id);
    const rekeying = await renewCompartment(at.patient, { compartment: 'general' });
    expect(rekeying).toEqual({
      compartment: tag('general'),
      epoch: 2,
      authors: [at.doctor.id],
      grants: kept,
      pending: [],
    });
    expect(epochs()).toEqual([2, 1, 1]);
    const fresh = await seal('general', 'after');
    expect(at.network.view.record(fresh)?.epoch).toBe(2);
    expect([await open(grantee, old), await open(grantee, fresh)]).toEqual(['before', 'after']);
    expect(liveGrants(at.network.view).map(({ id }) => id)).toEqual(kept);
    await renewCompartment(at.patient, { compartment: 'general' });
    expect(epochs()).toEqual([3, 1, 1]);
  });

  it('delivers nothing for the grant to herself, and says what it is to nobody', async () => {
    await renewCompartment(at.patient, { compartment: 'general' });
    const own = [...at.network.view.grants()].find(({ grantee }) => grantee === at.patient.id);
    expect(own).toMatchObject({ level: 'low', newData: false, scope: tag('general') });
    expect(await at.directory.get('manifest', own?.id ?? '0x')).toEqual([]);
  });

  it('is for who may grant', async () => {
    await ban(at.authority, { participant: at.patient.id, reason: 'test' });
    const error = await failure(renewCompartment(at.patient, { compartment: 'general' }));
    expect(error).toMatchObject({ code: 'BANNED' });
    expect(epochs()).toEqual([1, 1, 1]);
  });
});

describe('revocation of listed records', () => {
  it('moves the compartments of the listed records on, and no others', async () => {
    const records = [await seal('general'), await seal('cardiology'), await seal('unlisted')] as const;
    const grantees = [await keeper('general'), await keeper('cardiology')] as const;
    const grant = await grantRecords([records[0], records[1]]);
    expect(await open(at.colleague, records[0])).toBe('general');
    const { receipts, rekeyings } = await revokeAccess(at.patient, { grant });
    expect(receipts).toHaveLength(3);
    expect(epochs()).toEqual([2, 2, 1]);
    const moved = new Map(rekeyings?.map((rekeying) => [rekeying.compartment, rekeying]));
    expect([...moved.keys()].toSorted()).toEqual([tag('general'), tag('cardiology')].toSorted());
    for (const rekeying of moved.values()) {
      expect(rekeying).toMatchObject({ epoch: 2, authors: [at.doctor.id], pending: [] });
      expect(rekeying.grants).toHaveLength(1);
    }
    expect(await failure(open(at.colleague, records[0]))).toMatchObject({ code: 'NO_GRANT' });
    expect(await open(grantees[0], await seal('general', 'new'))).toBe('new');
    expect(await open(grantees[1], await seal('cardiology', 'new'))).toBe('new');
    expect(await open(grantees[0], records[0])).toBe('general');
  });

  it('leaves a compartment where it is that has moved on since the records were sealed', async () => {
    const records = [await seal('general'), await seal('cardiology')];
    const grant = await grantRecords(records);
    await renewCompartment(at.patient, { compartment: 'general' });
    const { rekeyings } = await revokeAccess(at.patient, { grant });
    expect(rekeyings?.map(({ compartment }) => compartment)).toEqual([tag('cardiology')]);
    expect(epochs()).toEqual([2, 2, 1]);
    // Of old records alone, the grant never reached the present epoch.
    const other = await grantRecords(records);
    expect((await revokeAccess(at.patient, { grant: other })).rekeyings).toEqual([]);
    expect(epochs()).toEqual([2, 2, 1]);
  });

  it('moves a compartment of both epochs once', async () => {
    const old = await seal('general');
    await renewCompartment(at.patient, { compartment: 'general' });
    const grant = await grantRecords([old, await seal('general')]);
    await revokeAccess(at.patient, { grant });
    expect(epochs()).toEqual([3, 1, 1]);
  });

  it('comes first, and is not held up by a directory that is down', async () => {
    const grant = await grantRecords([await seal('general')]);
    const get = at.directory.get.bind(at.directory);
    const device = elsewhere(at.patient);
    Object.assign(at.directory, { get: () => Promise.reject(new TypeError('connection refused')) });
    expect(await failure(revokeAccess(device, { grant }))).toBeInstanceOf(TypeError);
    Object.assign(at.directory, { get });
    await at.network.view.sync();
    expect(at.network.view.decision(at.patient.id, grant)?.status).toBe('revoked');
    expect(epochs()).toEqual([1, 1, 1]);
    const { rekeyings } = await revokeAccess(device, { grant });
    expect(rekeyings).toHaveLength(1);
    await at.network.view.sync();
    expect(epochs()).toEqual([2, 1, 1]);
  });

  it('stands, and says that it does not know what to move, where the list is lost', async () => {
    const grant = await grantRecords([await seal('general')]);
    await at.directory.delete('recordList', at.network.view.grant(at.patient.id, grant)?.scope ?? '0x');
    const { rekeyings, receipt } = await revokeAccess(elsewhere(at.patient), { grant });
    expect(rekeyings).toBeUndefined();
    await at.network.view.sync();
    expect(at.network.view.entry(receipt.id)?.violation).toBeUndefined();
    expect(epochs()).toEqual([1, 1, 1]);
  });

  it('is not misled by an anchor with the list’s scope in the place of a compartment', async () => {
    const grant = await grantRecords([await seal('general')]);
    const scope = at.network.view.grant(at.patient.id, grant)?.scope ?? '0x';
    const digests = { payloadDigest: scope, headerDigest: scope, content: scope, salt: scope };
    const place = { owner: at.patient.id, compartment: scope, epoch: 1, level: 'low' } as const;
    await submitAs(at.colleague, { type: 'anchorRecord', ...place, ...digests });
    await revokeAccess(elsewhere(at.patient), { grant });
    await at.network.view.sync();
    expect(epochs()).toEqual([2, 1, 1]);
  });

  it('is not anticipated: while the grant stands, resumeRekeying moves nothing', async () => {
    await grantRecords([await seal('general')]);
    expect(await resumeRekeying(at.patient, { compartment: 'general' })).toMatchObject({ epoch: 1 });
    expect(epochs()).toEqual([1, 1, 1]);
  });

  it('is open to a patient who is banned; the compartment moves once she is reinstated', async () => {
    const grant = await grantRecords([await seal('general')]);
    await ban(at.authority, { participant: at.patient.id, reason: 'test' });
    const { receipts, rekeyings, unmoved } = await revokeAccess(at.patient, { grant });
    expect(receipts).toHaveLength(3);
    expect({ rekeyings, unmoved }).toEqual({ rekeyings: [], unmoved: [tag('general')] });
    await reinstate(at.authority, { participant: at.patient.id, reason: 'test' });
    at.time += 1;
    expect(await revokeAccess(at.patient, { grant })).toMatchObject({ rekeyings: [{ epoch: 2 }], unmoved: [] });
    expect(epochs()).toEqual([2, 1, 1]);
  });

  it('of a compartment cannot be made twice, as before', async () => {
    await seal('general');
    const grant = await at.grant({ newData: false });
    await revokeAccess(at.patient, { grant });
    at.time += 1;
    expect(await failure(revokeAccess(at.patient, { grant }))).toMatchObject({ code: 'ALREADY_REVOKED' });
    expect(epochs()).toEqual([2, 1, 1]);
  });
});

describe('an interrupted revocation of listed records', () => {
  /** One listed record in each of two compartments, each with a grantee who stays. */
  async function prepare(): Promise<{ readonly grant: Hex; readonly grantees: readonly Actor[] }> {
    const records = [await seal('general'), await seal('cardiology')];
    const grantees = [await keeper('general'), await keeper('cardiology')];
    return { grant: await grantRecords(records), grantees };
  }

  /** Both compartments moved once; the author has his tickets, and the proxies fragments for the grantees who stay. */
  async function requireWhole(grantees: readonly Actor[]): Promise<void> {
    await at.network.view.sync();
    expect(epochs()).toEqual([2, 2, 1]);
    for (const compartment of ['general', 'cardiology']) {
      const fresh = await seal(compartment, 'new');
      expect(at.network.view.record(fresh)?.epoch).toBe(2);
    }
    const { domain } = at.ledger.genesis;
    for (const { id } of grantees) {
      const grant = liveGrants(at.network.view).find(({ grantee }) => grantee === id);
      // A manifest is put behind the proxies' acknowledgements.
      const manifests = await at.directory.get('manifest', grant?.id ?? '0x');
      expect(manifests.map((bytes) => verifyManifest(bytes, { domain }).epoch)).toContain(2);
    }
  }

  // The revocation; then twice grant, revocation, two copies of each ticket (general has two), manifest of a kept grant.
  const STEPS = 1 + (2 + 4 + 1) + (2 + 2 + 1);

  it.each(Array.from({ length: STEPS + 1 }, (_, steps) => steps))(
    'after %i steps is completed by the same call again, and each compartment moves once',
    async (steps) => {
      const { grant, grantees } = await prepare();
      const resume = stopAfter(at, steps);
      const first = await revokeAccess(at.patient, { grant }).catch((error: unknown) => error);
      expect(first instanceof TypeError).toBe(steps < STEPS);
      resume();
      at.time += 1;
      const { receipt, rekeyings } = await revokeAccess(elsewhere(at.patient), { grant });
      expect(rekeyings).toHaveLength(2);
      await at.network.view.sync();
      expect(at.network.view.entry(receipt.id)?.command).toMatchObject({ type: 'revokeAccess', grant });
      await requireWhole(grantees);
    },
  );

  it.each([1, 2, 9])('after %i steps is completed by resumeRekeying of its compartments, once', async (steps) => {
    const { grant, grantees } = await prepare();
    const resume = stopAfter(at, steps);
    expect(await failure(revokeAccess(at.patient, { grant }))).toBeInstanceOf(TypeError);
    resume();
    at.time += 1;
    for (const compartment of ['general', 'cardiology', 'unlisted', 'general', 'cardiology'])
      await resumeRekeying(elsewhere(at.patient), { compartment });
    await requireWhole(grantees);
  });
});

/** The same participant on a device of his own, whose view was told no list. */
function elsewhere(actor: Actor): Actor {
  return { ...actor, network: { ...actor.network, view: new LedgerView(at.ledger, { now: () => at.time }) } };
}
