import { cfragFromBytes, cfragToBytes } from '@medseal/umbral';
import { idOf, signCommand } from '@medseal/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { NotEnoughProxiesError } from '../src/errors/proxy-errors.ts';
import { generateKeys } from '../src/keys/participant-keys.ts';
import { ban } from '../src/phases/setup/ban.ts';
import { register } from '../src/phases/setup/register.ts';
import { reinstate } from '../src/phases/setup/reinstate.ts';
import { openRecord } from '../src/phases/sharing/open-record.ts';
import { reportViolation } from '../src/phases/audit/report-violation.ts';
import { revokeAccess } from '../src/phases/revocation/revoke-access.ts';
import type { Ledger } from '../src/ports/ledger.ts';
import type { Proxy } from '../src/ports/proxy.ts';
import { ReEncryptionProxy } from '../src/services/re-encryption-proxy.ts';
import { verifyStatement } from '../src/services/proxy-statement.ts';
import { testWord } from './small-world.ts';
import { failure, type Hospital, openHospital, readText, text } from './hospital.ts';

let at: Hospital;
beforeEach(async () => {
  at = await openHospital();
});

/** The bytes of the header of a record, and the id of an applied use of a grant for it. */
async function useOf(record: `0x${string}`, grant: `0x${string}`) {
  const { colleague, patient, network, ledger } = at;
  const [header] = await at.directory.get('header', record);
  await network.view.sync();
  const headerDigest = network.view.record(record)?.headerDigest;
  if (header === undefined || headerDigest === undefined) throw new Error('no header');
  const command = {
    type: 'useAccess',
    patient: patient.id,
    grant,
    record,
    headerDigest,
    actingPerson: testWord(0),
    actor: colleague.id,
    validUntil: at.time + 60,
  } as const;
  const wire = await signCommand(command, ledger.genesis.domain, colleague.keys.signer);
  return { wire, header, use: idOf(command, ledger.genesis.domain) };
}

function codes(error: unknown): unknown[] {
  if (!(error instanceof NotEnoughProxiesError)) throw error;
  return error.faults.map(({ kind, cause }) => (cause as { code?: string } | undefined)?.code ?? kind);
}

function firstProxy(): Proxy {
  const [proxy] = at.proxies;
  if (proxy === undefined) throw new Error('no proxy');
  return proxy;
}

describe('proxies authorise late', () => {
  it('do nothing before the use stands on the ledger, and act once it does', async () => {
    const record = await at.seal();
    const grant = await at.grant();
    const { wire, header, use } = await useOf(record.id, grant);
    expect(await failure(firstProxy().reencrypt({ use, header }))).toMatchObject({ code: 'NO_USE' });
    await at.ledger.submit(wire);
    expect(cfragFromBytes(await firstProxy().reencrypt({ use, header }))).toHaveProperty('precursor');
  });

  it('do nothing for a use that is logged as a violation', async () => {
    const record = await at.seal();
    const grant = await at.grant({ until: at.after(10) });
    const { wire, header, use } = await useOf(record.id, grant);
    at.time += 10;
    await at.ledger.submit(wire);
    expect(await failure(firstProxy().reencrypt({ use, header }))).toMatchObject({ code: 'NO_USE' });
  });

  it('refuse a use that reaches them late', async () => {
    const record = await at.seal();
    const grant = await at.grant();
    const { wire, header, use } = await useOf(record.id, grant);
    await at.ledger.submit(wire);
    at.time += 60;
    await expect(firstProxy().reencrypt({ use, header })).resolves.toBeInstanceOf(Uint8Array);
    at.time += 1;
    expect(await failure(firstProxy().reencrypt({ use, header }))).toMatchObject({ code: 'STALE' });
  });

  it('refuse another header than the one that the use and the anchor name', async () => {
    const record = await at.seal();
    const other = await at.seal('another record');
    const grant = await at.grant();
    const { wire, use } = await useOf(record.id, grant);
    const { header } = await useOf(other.id, grant);
    await at.ledger.submit(wire);
    expect(await failure(firstProxy().reencrypt({ use, header }))).toMatchObject({ code: 'UNKNOWN_RECORD' });
    const cut = failure(firstProxy().reencrypt({ use, header: header.subarray(1) }));
    expect(await cut).toMatchObject({ code: 'MALFORMED_OBJECT' });
  });

  it('refuse a delivery for another grant, by another patient, or with a replaced receiving key', async () => {
    const { patient, colleague, directory, network } = at;
    await at.grant();
    const impostor = network.actor({ ...generateKeys(), address: colleague.id });
    // The directory now lists another document for the colleague first; its digest is not the attested one.
    const { deliverFragments } = await import('../src/actor/deliver-fragments.ts');
    const { encodeKeyDocument, keyDocumentOf } = await import('../src/keys/key-document.ts');
    const document = encodeKeyDocument({ ...keyDocumentOf(impostor.keys), address: colleague.id });
    await directory.delete('keyDocument', colleague.id);
    await directory.put('keyDocument', colleague.id, document);
    const labels = [{ compartment: `0x${'01'.repeat(32)}`, level: 'private', epoch: 1 }] as const;
    const delivery = { grant: `0x${'34'.repeat(32)}`, grantee: colleague.id, labels } as const;
    expect(await failure(deliverFragments(patient, delivery))).toMatchObject({ code: 'ABSENT' });
    const unknown = await failure(deliverFragments(patient, { ...delivery, grantee: at.doctor.id }));
    expect(codes(unknown)).toEqual(['NO_GRANT', 'NO_GRANT', 'NO_GRANT']);
  });
});

describe('proxies refuse early', () => {
  it('at a revocation by direct notice, though the ledger withholds it', async () => {
    const { patient, ledger } = at;
    const record = await at.seal();
    const grant = await at.grant();
    const { wire, header, use } = await useOf(record.id, grant);
    await ledger.submit(wire);
    await expect(firstProxy().reencrypt({ use, header })).resolves.toBeInstanceOf(Uint8Array);
    const revoke = { type: 'revokeAccess', patient: patient.id, actor: patient.id, grant } as const;
    // Long past validUntil: a withdrawal does not go stale.
    const notice = await signCommand({ ...revoke, validUntil: 1 }, ledger.genesis.domain, patient.keys.signer);
    const receipt = await firstProxy().notice(notice);
    expect(verifyStatement(receipt, { domain: ledger.genesis.domain })).toMatchObject({ kind: 'deleted', grant });
    expect(await failure(firstProxy().reencrypt({ use, header }))).toMatchObject({ code: 'NOT_LIVE' });
    expect(ledger.readState({ entity: {} as never, path: `decision/${patient.id}/${grant}` })).toMatchObject({
      status: 'granted',
    });
  });

  it('believe no notice that the patient did not sign', async () => {
    const { patient, colleague, ledger } = at;
    const grant = await at.grant();
    const revoke = { type: 'revokeAccess', patient: patient.id, grant, validUntil: at.time + 60 } as const;
    const { domain } = ledger.genesis;
    const own = await signCommand({ ...revoke, actor: colleague.id }, domain, colleague.keys.signer);
    expect(await failure(firstProxy().notice(own))).toMatchObject({ code: 'NOT_OWNER' });
    const forged = await signCommand({ ...revoke, actor: patient.id }, domain, colleague.keys.signer);
    expect(await failure(firstProxy().notice(forged))).toMatchObject({ code: 'BAD_SIGNATURE' });
    const record = await at.seal();
    expect(await readText(await openRecord(colleague, { record: record.id, grant }))).toBe(text);
  });

  it('at expiry by their own clock, though the ledger’s stands still', async () => {
    const record = await at.seal();
    const grant = await at.grant({ until: at.after(30) });
    const { wire, header, use } = await useOf(record.id, grant);
    await at.ledger.submit(wire);
    at.time += 30;
    expect(await failure(firstProxy().reencrypt({ use, header }))).toMatchObject({ code: 'NOT_LIVE' });
  });

  it('at a ban of either side, by ledger or by notice, and act again after reinstatement', async () => {
    const { authority, colleague, patient } = at;
    const record = await at.seal();
    const grant = await at.grant();
    for (const banned of [patient, colleague]) {
      const { wire, header, use } = await useOf(record.id, grant);
      await at.ledger.submit(wire);
      await ban(authority, { participant: banned.id, reason: 'test' });
      expect(await failure(firstProxy().reencrypt({ use, header }))).toMatchObject({ code: 'NOT_LIVE' });
      await reinstate(authority, { participant: banned.id, reason: 'test' });
      await expect(firstProxy().reencrypt({ use, header })).resolves.toBeInstanceOf(Uint8Array);
      at.time += 1;
    }
    const { wire, header, use } = await useOf(record.id, grant);
    await at.ledger.submit(wire);
    const [official] = authority.signers;
    if (official === undefined) throw new Error('no official');
    const reason = `0x${'00'.repeat(32)}` as const;
    const order = { type: 'ban', participant: colleague.id, expectedVersion: 3, reason, validUntil: 1 } as const;
    await firstProxy().notice(await signCommand(order, at.ledger.genesis.domain, official));
    expect(await failure(firstProxy().reencrypt({ use, header }))).toMatchObject({ code: 'NOT_LIVE' });
  });

  it('when they cannot see the ledger, and say that it is an outage', async () => {
    const { directory, doctor } = at;
    const blind: Ledger = Object.assign(Object.create(at.ledger) as Ledger, {
      entries: () => {
        throw new TypeError('connection refused');
      },
    });
    const proxy = new ReEncryptionProxy({ ledger: blind, directory, keys: doctor.keys, clock: () => at.time });
    const record = await at.seal();
    const { header, use } = await useOf(record.id, `0x${'12'.repeat(32)}`);
    expect(await failure(proxy.reencrypt({ use, header }))).toBeInstanceOf(TypeError);
  });
});

describe('a proxy limits bulk reading', () => {
  it('of one patient’s records by one grantee, until the window has moved on', async () => {
    const keys = generateKeys();
    await register(at.authority, { keys, roles: ['proxy'], clearance: 'low', person: 'a careful proxy' });
    const { ledger, directory } = at;
    const bulkLimit = { uses: 2, seconds: 600 };
    const careful = new ReEncryptionProxy({ ledger, directory, keys, bulkLimit, clock: () => at.time });
    at.proxies[0] = careful;
    const record = await at.seal();
    const grant = await at.grant();
    const answers: string[] = [];
    for (const wait of [0, 1, 1, 600]) {
      at.time += wait;
      const { wire, header, use } = await useOf(record.id, grant);
      await ledger.submit(wire);
      const answer = careful.reencrypt({ use, header }).then(
        () => 'ok',
        (error: unknown) => (error as { code: string }).code,
      );
      answers.push(await answer);
    }
    expect(answers).toEqual(['ok', 'ok', 'BULK_LIMIT', 'ok']);
  });
});

describe('a threshold of proxies', () => {
  it('suffices, whichever they are; one fewer opens nothing, and that may be tried again', async () => {
    const { colleague } = at;
    const record = await at.seal();
    await at.grant();
    const all = [...at.proxies];
    const down = ({ id }: Proxy): Proxy => {
      const refuse = () => Promise.reject(new TypeError('connection refused'));
      return { id, accept: refuse, reencrypt: refuse, notice: refuse };
    };
    for (let missing = 0; missing < 3; missing++) {
      at.proxies.splice(0, 3, ...all.map((proxy, index) => (index === missing ? down(proxy) : proxy)));
      expect(await readText(await openRecord(colleague, { record: record.id }))).toBe(text);
      at.time += 1;
      at.proxies.splice(0, 3, ...all.map((proxy, index) => (index === missing ? proxy : down(proxy))));
      const error = await failure(openRecord(colleague, { record: record.id }));
      expect(error).toMatchObject({ code: 'NOT_ENOUGH_PROXIES', retryable: true, needed: 2 });
      at.time += 1;
    }
  });

  it('opens past a cheating proxy, and names it where it is needed', async () => {
    const { colleague } = at;
    const record = await at.seal();
    await at.grant();
    const [first, second, third] = at.proxies;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no proxies');
    const cheat: Proxy = {
      id: first.id,
      accept: (delivery) => first.accept(delivery),
      notice: (wire) => first.notice(wire),
      reencrypt: async (request) => {
        const cfrag = cfragFromBytes(await first.reencrypt(request));
        return cfragToBytes({ ...cfrag, E1: cfrag.V1 });
      },
    };
    at.proxies[0] = cheat;
    expect(await readText(await openRecord(colleague, { record: record.id }))).toBe(text);
    at.time += 1;
    at.proxies[1] = { ...cheat, id: second.id, reencrypt: () => Promise.reject(new TypeError('down')) };
    const error = await failure(openRecord(colleague, { record: record.id }));
    expect(error).toBeInstanceOf(NotEnoughProxiesError);
    expect((error as NotEnoughProxiesError).faults.map(({ proxy, kind }) => [proxy, kind])).toEqual([
      [first.id, 'cheated'],
      [second.id, 'unavailable'],
    ]);
  });
});

describe('withdrawal', () => {
  it('is logged, noticed by the proxies, and stops the next opening', async () => {
    const { patient, colleague, network } = at;
    const record = await at.seal();
    const grant = await at.grant();
    expect(await readText(await openRecord(colleague, { record: record.id }))).toBe(text);
    const { receipts, faults } = await revokeAccess(patient, { grant });
    expect(faults).toEqual([]);
    const { domain } = network.ledger.genesis;
    const kinds = receipts.map((bytes) => verifyStatement(bytes, { domain }).kind);
    expect(kinds).toEqual(['deleted', 'deleted', 'deleted']);
    at.time += 1;
    const error = await failure(openRecord(colleague, { record: record.id, grant }));
    expect(error).toMatchObject({ name: 'AccessViolationError', code: 'GRANT_REVOKED' });
    expect(await failure(openRecord(colleague, { record: record.id }))).toMatchObject({ code: 'NO_GRANT' });
    expect(await failure(revokeAccess(patient, { grant }))).toMatchObject({ code: 'ALREADY_REVOKED' });
  });

  it('may be reported on: a violation, and who did it', async () => {
    const { patient, colleague, network } = at;
    const record = await at.seal();
    const grant = await at.grant();
    await revokeAccess(patient, { grant });
    const misuse = await failure(openRecord(colleague, { record: record.id, grant }));
    const { id } = (misuse as { receipt: { id: `0x${string}` } }).receipt;
    await reportViolation(patient, { subject: colleague.id, entry: id, statement: 'I had withdrawn' });
    await network.view.sync();
    expect(network.view.entries.at(-1)).toMatchObject({ command: { type: 'reportViolation' }, holder: [] });
  });
});
