import { fabricAvailable } from '@medseal/devnet';
import type { LedgerDriver } from '@medseal/conformance';
import { type LedgerEntry, UnknownSubmissionError } from '@medseal/core/adapter';
import { decision, decodeCommand, idOf, participant, toHex } from '@medseal/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fabricDriver } from './driver.ts';
import { authority, commit, doctor, patient, readAll, Registrar, signerNumber, stranger, word } from './people.ts';

const available = await fabricAvailable();
const skipped = available.ok ? '' : ` (skipped: ${available.reason})`;
const START = 1_800_000_000;

describe.skipIf(!available.ok)(`Fabric ledger${skipped}`, { timeout: 60_000 }, () => {
  let driver: LedgerDriver;

  beforeAll(async () => {
    driver = await fabricDriver();
  }, 15 * 60_000);

  afterAll(async () => {
    await driver?.[Symbol.asyncDispose]();
  });

  /** A fresh ledger with a patient and a doctor. */
  async function world() {
    const under = await driver.create({ authority, time: START });
    let time = START;
    const sign = new Registrar(under.ledger.genesis.domain, () => time);
    await commit(under.ledger, await sign.register(patient, ['patient']));
    await commit(under.ledger, await sign.register(doctor, ['provider']));
    const setTime = async (next: number): Promise<void> => {
      time = next;
      await under.setTime(next);
    };
    return { ...under, setTime, sign, [Symbol.asyncDispose]: () => under[Symbol.asyncDispose]() };
  }

  test('applies every command of the protocol', async () => {
    await using w = await world();
    const { ledger, sign } = w;
    const wires = [
      await sign.request(word(5), START + 600),
      await sign.grant(word(10), START + 600),
      await sign.use(word(10)),
      await sign.sign(patient, { type: 'denyAccess', patient: patient.address, request: word(11) }),
      await sign.sign(patient, { type: 'revokeAccess', patient: patient.address, grant: word(10) }),
      await sign.sign(doctor, {
        type: 'anchorRecord',
        owner: patient.address,
        compartment: word(20),
        epoch: 1,
        level: 'moderate',
        payloadDigest: word(21),
        headerDigest: word(22),
        content: word(23),
        salt: word(24),
      }),
      await sign.sign(patient, {
        type: 'reportViolation',
        patient: patient.address,
        subject: doctor.address,
        entry: word(30),
        statement: word(31),
      }),
      await sign.standing('ban', doctor.address, 1),
      await sign.standing('reinstate', doctor.address, 2),
    ];
    for (const wire of wires) expect((await commit(ledger, wire)).violation).toBeUndefined();
    const log = await readAll(ledger);
    expect(log.map(({ wire }) => decodeCommand(wire).command.type)).toEqual([
      'register',
      'register',
      'requestAccess',
      'grantAccess',
      'useAccess',
      'denyAccess',
      'revokeAccess',
      'anchorRecord',
      'reportViolation',
      'ban',
      'reinstate',
    ]);
    expect(log.slice(2).map(({ wire }) => toHex(wire))).toEqual(wires.map(toHex));
    expect(log.every(({ time }) => time === START)).toBe(true);
    expect(await w.readState(participant.key(doctor.address))).toMatchObject({ status: 'active', version: 3 });
    expect(await w.readState(decision.key(patient.address, word(10)))).toMatchObject({ status: 'revoked' });
    expect(await w.readState(decision.key(patient.address, word(12)))).toBeUndefined();
  });
  test.each([
    [
      'NOT_REGISTERED',
      (sign: Registrar) => sign.sign(stranger, { type: 'denyAccess', patient: stranger.address, request: word(1) }),
    ],
    [
      'NOT_OWNER',
      (sign: Registrar) => sign.sign(doctor, { type: 'denyAccess', patient: patient.address, request: word(1) }),
    ],
    [
      'NO_GRANT',
      (sign: Registrar) => sign.sign(patient, { type: 'revokeAccess', patient: patient.address, grant: word(1) }),
    ],
    ['UNTIL_PASSED', (sign: Registrar) => sign.grant(word(1), START)],
    ['ALREADY_REGISTERED', (sign: Registrar) => sign.register(patient, ['device'])],
    ['STALE_VERSION', (sign: Registrar) => sign.standing('ban', doctor.address, 2)],
  ])('refuses with %s, and nothing is written', async (code, wire) => {
    await using w = await world();
    const bytes = await wire(w.sign);
    await expect(w.ledger.submit(bytes)).rejects.toMatchObject({ name: 'RejectedError', code });
    expect(await w.sendRaw(bytes)).toEqual({ outcome: 'rejected', code });
    expect(await readAll(w.ledger)).toHaveLength(2);
  });

  test('logs a violation', async () => {
    await using w = await world();
    const wire = await w.sign.use(word(10));
    expect(await commit(w.ledger, wire)).toMatchObject({ violation: 'NO_GRANT', time: START });
    expect((await readAll(w.ledger)).at(-1)).toMatchObject({ violation: 'NO_GRANT', wire });
    expect(await w.sendRaw(wire)).toEqual({ outcome: 'violation', code: 'NO_GRANT' });
  });

  test('a command again gives the first receipt, also after validUntil and from another relayer', async () => {
    await using w = await world();
    const { ledger, sign } = w;
    const request = await sign.request(word(5), START + 1000);
    const grant = await sign.grant(word(10), START + 1000);
    const first = await commit(ledger, request);
    expect(await w.sendRaw(grant)).toEqual({ outcome: 'applied' });
    const granted = await commit(ledger, grant);
    await w.setTime(START + 100);
    expect(await commit(ledger, request)).toEqual(first);
    expect(await commit(ledger, grant)).toEqual(granted);
    expect(await ledger.submission(granted.id).final()).toEqual(granted);
    expect(await readAll(ledger)).toHaveLength(4);
    // The chaincode itself keeps no ids, so that only time and state refuse a repeat.
    expect(await w.sendRaw(request)).toEqual({ outcome: 'rejected', code: 'COMMAND_EXPIRED' });
  });

  test('two calls at once with one command make one entry', async () => {
    await using w = await world();
    const wire = await w.sign.request(word(5), START + 1000);
    const receipts = await Promise.all([commit(w.ledger, wire), commit(w.ledger, wire), commit(w.ledger, wire)]);
    expect(new Set(receipts.map(({ cursor }) => cursor)).size).toBe(1);
    expect(await readAll(w.ledger)).toHaveLength(3);
  });

  test('of ten grants at once for one request one is applied', async () => {
    await using w = await world();
    const wires = await Promise.all(Array.from({ length: 10 }, (_, i) => w.sign.grant(word(10), START + 1000 + i)));
    const results = await Promise.allSettled(wires.map((wire) => commit(w.ledger, wire)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ name: 'RejectedError', code: 'ALREADY_DECIDED' });
    expect(await readAll(w.ledger)).toHaveLength(3);
  });

  test('commands that only read a key do not hinder one another', async () => {
    await using w = await world();
    const wires = await Promise.all(Array.from({ length: 20 }, (_, i) => w.sign.use(word(100 + i))));
    const receipts = await Promise.all(wires.map((wire) => commit(w.ledger, wire)));
    expect(new Set(receipts.map(({ cursor }) => cursor)).size).toBe(20);
  });

  test('submission() finds what stands in the log, and nothing else', async () => {
    await using w = await world();
    const wire = await w.sign.request(word(5), START + 1000);
    const id = idOf(decodeCommand(wire).command, w.ledger.genesis.domain);
    await expect(w.ledger.submission(id).committed()).rejects.toBeInstanceOf(UnknownSubmissionError);
    expect(await w.sendRaw(wire)).toEqual({ outcome: 'applied' });
    expect(await w.ledger.submission(id).committed()).toMatchObject({ id, time: START });
  });

  test('entries go on behind a cursor', async () => {
    await using w = await world();
    // Several in one block, so that the place in the block counts.
    await Promise.all(Array.from({ length: 12 }, async (_, i) => commit(w.ledger, await w.sign.use(word(100 + i)))));
    const log = await readAll(w.ledger);
    expect(log).toHaveLength(14);
    expect(log.map(({ cursor }) => cursor)).toEqual(log.map(({ cursor }) => cursor).toSorted());
    for (const [index, { cursor }] of log.entries())
      expect(await readAll(w.ledger, { after: cursor })).toEqual(log.slice(index + 1));
    expect(await w.ledger.head()).toEqual({ cursor: log.at(-1)?.cursor, time: START });
  });

  test('a follower sees entries as they come and ends when its signal aborts', async () => {
    await using w = await world();
    const stop = new AbortController();
    const seen: LedgerEntry[] = [];
    const follow = async (): Promise<void> => {
      for await (const entry of w.ledger.entries({ follow: true, signal: stop.signal })) {
        seen.push(entry);
        if (seen.length === 4) stop.abort(new Error('enough'));
      }
    };
    const following = follow();
    following.catch(() => {});
    await expect.poll(() => seen.length).toBe(2);
    await commit(w.ledger, await w.sign.use(word(10)));
    await commit(w.ledger, await w.sign.use(word(11)));
    await expect(following).rejects.toThrow('enough');
    expect(seen).toEqual(await readAll(w.ledger));
  });

  test('a follower ends with the ledger', async () => {
    const w = await world();
    const following = readAll(w.ledger, { follow: true });
    await w[Symbol.asyncDispose]();
    expect((await following).length).toBeLessThanOrEqual(2);
    await expect(w.ledger.head()).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  });

  test('an aborted call rejects with the reason of its signal', async () => {
    await using w = await world();
    const reason = new Error('changed my mind');
    const aborted = AbortSignal.abort(reason);
    const wire = await w.sign.use(word(10));
    await expect(w.ledger.submit(wire, { signal: aborted })).rejects.toBe(reason);
    await expect(w.ledger.head({ signal: aborted })).rejects.toBe(reason);
    await expect(readAll(w.ledger, { signal: aborted })).rejects.toBe(reason);
    await expect(w.ledger.submission(word(1)).committed({ signal: aborted })).rejects.toBe(reason);
    const late = new AbortController();
    const submitting = w.ledger.submit(wire, { signal: late.signal });
    late.abort(reason);
    await expect(submitting).rejects.toBe(reason);
  });

  test('ledgers of one chaincode do not mix', async () => {
    const worlds = await Promise.all([world(), world(), world(), world()]);
    await Promise.all(
      worlds.map(async ({ ledger, sign }, i) => {
        for (let n = 0; n <= i; n++) await commit(ledger, await sign.use(word(100 + n)));
      }),
    );
    expect(new Set(worlds.map(({ ledger }) => ledger.genesis.domain)).size).toBe(4);
    const logs = await Promise.all(worlds.map(({ ledger }) => readAll(ledger)));
    expect(logs.map(({ length }) => length)).toEqual([3, 4, 5, 6]);
    const [first, second] = worlds;
    const foreign = await second?.sign.register(signerNumber(9), ['patient']);
    expect(await first?.sendRaw(foreign ?? new Uint8Array())).toEqual({ outcome: 'rejected', code: 'BAD_SIGNATURE' });
    await Promise.all(worlds.map((w) => w[Symbol.asyncDispose]()));
  });

  test('head gives the time of the last entry where the clock is behind', async () => {
    await using w = await world();
    await w.setTime(START + 10);
    await commit(w.ledger, await w.sign.use(word(10)));
    await w.setTime(START + 5);
    expect(await w.ledger.head()).toMatchObject({ time: START + 10 });
    await w.setTime(START + 20);
    expect(await w.ledger.head()).toMatchObject({ time: START + 20 });
  });

  test('a cursor of another kind of ledger is refused', async () => {
    await using w = await world();
    await expect(readAll(w.ledger, { after: '17' })).rejects.toBeInstanceOf(RangeError);
    const ahead = { after: '999999999999-000000' };
    await expect(readAll(w.ledger, ahead)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  });
});
