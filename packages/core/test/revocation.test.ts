import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Actor } from '../src/actor/actor.ts';
import { LedgerUnavailableError } from '../src/errors/ledger-errors.ts';
import { generateKeys } from '../src/keys/participant-keys.ts';
import { compartmentTag } from '../src/keys/compartment.ts';
import { register } from '../src/phases/setup/register.ts';
import { rotateKeys } from '../src/phases/setup/rotate-keys.ts';
import { grantAccess } from '../src/phases/sharing/grant-access.ts';
import { openRecord } from '../src/phases/sharing/open-record.ts';
import { sealRecord } from '../src/phases/storage/seal-record.ts';
import { eraseRecord } from '../src/phases/revocation/erase-record.ts';
import { resumeRekeying } from '../src/phases/revocation/resume-rekeying.ts';
import { revokeAccess } from '../src/phases/revocation/revoke-access.ts';
import { rotateRecords } from '../src/phases/revocation/rotate-records.ts';
import type { Proxy } from '../src/ports/proxy.ts';
import { readersOf } from '../src/view/readers.ts';
import { failure, general, type Hospital, openHospital, readText, text } from './hospital.ts';

let at: Hospital;
let second: Actor;
beforeEach(async () => {
  at = await openHospital();
  const keys = generateKeys();
  await register(at.authority, { keys, roles: ['provider'], clearance: 'private', person: 'second opinion' });
  second = at.network.actor(keys);
});

function epoch(): number {
  return at.network.view.epoch(at.patient.id, compartmentTag(at.patient.keys, general.compartment));
}

/** Grants the second colleague what `at.grant` grants the first. */
async function grantSecond(newData = true): Promise<`0x${string}`> {
  const { compartment } = general;
  return (await grantAccess(at.patient, { grantee: second.id, compartment, newData, until: at.after(3600) })).id;
}

const down = ({ id }: Proxy): Proxy => {
  const refuse = () => Promise.reject(new TypeError('connection refused'));
  return { id, accept: refuse, reencrypt: refuse, notice: refuse };
};

describe('a revocation', () => {
  it('moves the compartment on: authors and remaining grantees follow in the same call', async () => {
    const old = await at.seal('before');
    const grant = await at.grant();
    const kept = await grantSecond();
    expect(epoch()).toBe(1);
    const { rekeyings } = await revokeAccess(at.patient, { grant });
    expect(epoch()).toBe(2);
    const move = { compartment: compartmentTag(at.patient.keys, general.compartment), epoch: 2 };
    expect(rekeyings).toEqual([{ ...move, authors: [at.doctor.id], grants: [kept], pending: [] }]);

    const fresh = await at.seal('after');
    expect(at.network.view.record(fresh.id)?.epoch).toBe(2);
    expect(await readText(await openRecord(second, { record: fresh.id }))).toBe('after');
    expect(await readText(await openRecord(second, { record: old.id }))).toBe('before');
    expect(await readText(await openRecord(at.patient, { record: fresh.id }))).toBe('after');
    expect(await failure(openRecord(at.colleague, { record: fresh.id }))).toMatchObject({ code: 'NO_GRANT' });
    expect(readersOf(at.network.view, fresh.id).map(({ id }) => id)).toEqual([at.patient.id, second.id]);
  });

  it('tells the proxies at once, also while the ledger cannot be read', async () => {
    const grant = await at.grant();
    const noticed = at.proxies.map((proxy) => vi.spyOn(proxy, 'notice'));
    vi.spyOn(at.network.ledger, 'entries').mockImplementation(() => {
      throw new LedgerUnavailableError('down');
    });
    expect(await failure(revokeAccess(at.patient, { grant }))).toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    for (const notice of noticed) expect(notice).toHaveBeenCalledOnce();
  });

  it('lets a later grant reach records of all epochs', async () => {
    const old = await at.seal('before');
    await revokeAccess(at.patient, { grant: await at.grant() });
    const fresh = await at.seal('after');
    for (const newData of [true, false]) {
      const grant = await grantSecond(newData);
      expect(await readText(await openRecord(second, { record: old.id, grant }))).toBe('before');
      expect(await readText(await openRecord(second, { record: fresh.id, grant }))).toBe('after');
      at.time += 1;
    }
  });

  it('makes an author who missed it seal again: an anchor of an old epoch is not honoured', async () => {
    const grant = await at.grant();
    // The author reads his tickets before the revocation, and anchors after it.
    const tickets = await at.directory.get('ticket', at.doctor.id);
    await revokeAccess(at.patient, { grant });
    await at.directory.delete('ticket', at.doctor.id);
    for (const ticket of tickets) await at.directory.put('ticket', at.doctor.id, ticket);
    const stored = at.store.blobs.size;
    expect(await failure(at.seal())).toMatchObject({ code: 'STALE_EPOCH' });
    expect(at.store.blobs.size).toBe(stored);
    await resumeRekeying(at.patient, { compartment: general.compartment });
  });

  it('says for which grants too few proxies followed, and can be resumed', async () => {
    const grant = await at.grant();
    const kept = await grantSecond();
    const [first, other] = at.proxies;
    if (first === undefined || other === undefined) throw new Error('no proxies');
    at.proxies.splice(0, 2, down(first), down(other));
    const { rekeyings, faults } = await revokeAccess(at.patient, { grant });
    expect(faults.map(({ proxy }) => proxy)).toEqual([first.id, other.id]);
    expect(rekeyings?.[0]?.pending).toMatchObject([
      { grant: kept, faults: [{ kind: 'unavailable' }, { kind: 'unavailable' }] },
    ]);
    at.proxies.splice(0, 2, first, other);
    const resumed = await resumeRekeying(at.patient, { compartment: general.compartment });
    const move = { compartment: compartmentTag(at.patient.keys, general.compartment), epoch: 2 };
    expect(resumed).toEqual({ ...move, authors: [], grants: [kept], pending: [] });
    const record = await at.seal('after');
    expect(await readText(await openRecord(second, { record: record.id }))).toBe('after');
  });

  it('does not move another compartment', async () => {
    await revokeAccess(at.patient, { grant: await at.grant() });
    const other = at.network.view.epoch(at.patient.id, compartmentTag(at.patient.keys, 'psychiatry'));
    expect([epoch(), other]).toEqual([2, 1]);
  });
});

describe('rotation of records', () => {
  it('seals existing records anew under the present epoch and erases the old ones', async () => {
    const records = [await at.seal('one'), await at.seal('two')];
    await revokeAccess(at.patient, { grant: await at.grant() });
    const steps: [number, number][] = [];
    const options = { onProgress: (done: number, all: number) => void steps.push([done, all]) };
    const rotated = await rotateRecords(at.patient, { compartment: general.compartment }, options);
    expect(steps).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(rotated.map(({ old }) => old)).toEqual(records.map(({ id }) => id));
    await grantSecond();
    const texts = await Promise.all(
      rotated.map(async ({ fresh }) => readText(await openRecord(at.patient, { record: fresh }))),
    );
    expect(texts).toEqual(['one', 'two']);
    for (const { old } of rotated)
      expect(await failure(openRecord(at.patient, { record: old }))).toMatchObject({ code: 'RECORD_ERASED' });
    expect(await rotateRecords(at.patient, { compartment: general.compartment })).toEqual([]);
  });

  it('goes on where it was interrupted, and seals nothing twice', async () => {
    await at.seal('one');
    await at.seal('two');
    await revokeAccess(at.patient, { grant: await at.grant() });
    const stop = new AbortController();
    const name = { compartment: general.compartment };
    const onProgress = (): void => stop.abort(new Error('phone off'));
    await expect(rotateRecords(at.patient, name, { signal: stop.signal, onProgress })).rejects.toThrow('phone off');
    expect(await rotateRecords(at.patient, name)).toHaveLength(1);
    await at.network.view.sync();
    const live = [...at.network.view.records()].filter(({ erased }) => !erased);
    expect(live.map(({ epoch: of }) => of)).toEqual([2, 2]);
  });

  it('does not seal again what was sealed but not yet erased', async () => {
    await at.seal('one');
    await revokeAccess(at.patient, { grant: await at.grant() });
    const name = { compartment: general.compartment };
    const submit = at.ledger.submit.bind(at.ledger);
    let anchors = 0;
    Object.assign(at.ledger, {
      submit: async (wire: Uint8Array) => {
        if (wire[0] === 13) throw new TypeError('connection lost');
        anchors++;
        return submit(wire);
      },
    });
    await expect(rotateRecords(at.patient, name)).rejects.toThrow('connection lost');
    Object.assign(at.ledger, { submit });
    expect(await rotateRecords(at.patient, name)).toHaveLength(1);
    expect(anchors).toBe(1);
  });
});

describe('erasure', () => {
  it('leaves nothing that opens, with every secret and stored object that remains', async () => {
    const record = await at.seal();
    const grant = await at.grant();
    expect(await readText(await openRecord(at.colleague, { record: record.id }))).toBe(text);
    const { receipt } = await eraseRecord(at.patient, { record: record.id, reason: 'my right' });
    expect(receipt?.id).toBeDefined();
    expect(at.store.blobs.size).toBe(0);
    expect(await at.directory.get('header', record.id)).toEqual([]);
    at.time += 1;
    expect(await failure(openRecord(at.patient, { record: record.id }))).toMatchObject({ code: 'RECORD_ERASED' });
    expect(await failure(openRecord(at.colleague, { record: record.id, grant }))).toMatchObject({
      code: 'RECORD_ERASED',
    });
    expect(readersOf(at.network.view, record.id)).toEqual([]);
    expect(await eraseRecord(at.patient, { record: record.id })).toEqual({ receipt: undefined });
  });

  it('makes proxies refuse a header that somebody kept', async () => {
    const record = await at.seal();
    const grant = await at.grant();
    const [header] = await at.directory.get('header', record.id);
    if (header === undefined) throw new Error('no header');
    await eraseRecord(at.patient, { record: record.id });
    await at.directory.put('header', record.id, header);
    const { submitAs } = await import('../src/actor/submit-command.ts');
    const headerDigest = at.network.view.record(record.id)?.headerDigest ?? '0x';
    const use = { type: 'useAccess', patient: at.patient.id, grant, record: record.id, headerDigest } as const;
    const { id } = await submitAs(at.colleague, { ...use, actingPerson: grant });
    const [proxy] = at.proxies;
    expect(await failure(proxy?.reencrypt({ use: id, header }) ?? Promise.resolve())).toMatchObject({
      code: 'RECORD_ERASED',
    });
  });

  it('is for the owner alone', async () => {
    const record = await at.seal();
    expect(await failure(eraseRecord(at.doctor, { record: record.id }))).toMatchObject({ code: 'UNKNOWN_RECORD' });
    expect(at.store.blobs.size).toBe(1);
  });
});

describe('rotation of keys', () => {
  it('ends the grants to the old keys, and new ones reach the new', async () => {
    const record = await at.seal();
    const grant = await at.grant();
    const { keys, receipt } = await rotateKeys(at.colleague);
    expect(receipt.violation).toBeUndefined();
    const colleague = at.network.actor(keys);
    const error = await failure(openRecord(colleague, { record: record.id, grant }));
    expect(error).toMatchObject({ name: 'AccessViolationError', code: 'KEYS_CHANGED' });
    await at.grant();
    expect(await readText(await openRecord(colleague, { record: record.id }))).toBe(text);
    expect(await failure(openRecord(at.colleague, { record: record.id }))).toMatchObject({ code: 'DECRYPTION_FAILED' });
  });

  it('of a patient leaves her records hers', async () => {
    const record = await at.seal();
    const patient = at.network.actor((await rotateKeys(at.patient)).keys);
    expect(await readText(await openRecord(patient, { record: record.id }))).toBe(text);
    const parameters = { patient: patient.id, ...general, content: new Uint8Array(1), mediaType: 'text/plain' };
    await expect(sealRecord(patient, parameters)).resolves.toHaveProperty('id');
  });
});
