import { fabricAvailable } from '@medseal/devnet';
import type { LedgerDriver } from '@medseal/conformance';
import { type LedgerEntry, RejectedError, UnknownSubmissionError } from '@medseal/core/adapter';
import { type CommandSigner, decision, idOf, decodeCommand, participant, toHex } from '@medseal/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fabricDriver } from './driver.ts';
import { authority, commit, doctor, patient, Registrar, stranger, word } from './people.ts';

const available = await fabricAvailable();
const reason = available.ok ? '' : ` (skipped: ${available.reason})`;
const START = 1_800_000_000;

describe.skipIf(!available.ok)(`Fabric ledger${reason}`, { timeout: 60_000 }, () => {
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
    const log = await Array.fromAsync(ledger.entries());
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
});
