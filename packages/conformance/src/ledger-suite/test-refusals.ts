import { RejectedError } from '@medseal/core/adapter';
import { decision, type LedgerCode, participant } from '@medseal/protocol';
import { expect, test } from 'vitest';
import type { LedgerDriver } from '../ledger-driver.ts';
import { hashOf, memberAt, officials } from '../sequence/cast.ts';
import { malleable } from '../sequence/hostile.ts';
import { deskOf, doctor, patient, VALIDITY } from './desk.ts';
import { type LedgerWorld, ledgerWorld } from './ledger-world.ts';

async function expectRefusal(world: LedgerWorld, wire: Uint8Array, code: LedgerCode): Promise<void> {
  const before = { log: await world.log(), cursor: (await world.ledger.head()).cursor };
  const committed = world.ledger.submit(wire).then((submission) => submission.committed());
  await expect(committed).rejects.toBeInstanceOf(RejectedError);
  await expect(committed).rejects.toMatchObject({ code });
  expect(await world.under.sendRaw(wire)).toEqual({ outcome: 'rejected', code });
  expect({ log: await world.log(), cursor: (await world.ledger.head()).cursor }).toEqual(before);
}

/** Nothing that is refused leaves a trace. */
export function testRefusals(driver: () => LedgerDriver): void {
  test('refuses by the code of the first rule that fails, with the id, and leaves no trace', async () => {
    await using world = await ledgerWorld(driver());
    const request = hashOf('a request');
    const dead = world.desk.grant(request);
    const early = world.desk.grant(request, { validUntil: world.now + 86_401 });
    await expectRefusal(world, early, 'VALIDITY_TOO_LONG');
    await world.wait(VALIDITY);
    await expectRefusal(world, dead, 'COMMAND_EXPIRED');
    await expectRefusal(world, world.desk.grant(request, { grantee: memberAt(2).address }), 'UNKNOWN_PARTICIPANT');
    await expectRefusal(world, world.desk.grant(request, { keyVersion: 2, until: world.now }), 'STALE_VERSION');
    expect(await world.under.readState(decision.key(patient.address, request))).toBeUndefined();

    const refused = world.desk.grant(request, { until: world.now });
    const submitted = world.ledger.submit(refused).then((submission) => submission.committed());
    await expect(submitted).rejects.toMatchObject({ code: 'UNTIL_PASSED', id: world.idOf(refused), retryable: false });
    expect((await world.commit(world.desk.grant(request))).violation).toBeUndefined();
  });

  test('refuses bytes that are no command', async () => {
    await using world = await ledgerWorld(driver());
    const wire = world.desk.request();
    const unknown = Uint8Array.from(wire);
    unknown[0] = 255;
    for (const bytes of [new Uint8Array(), unknown, wire.slice(0, -1), Uint8Array.from([...wire, 0])])
      await expectRefusal(world, bytes, 'MALFORMED');
  });

  test('refuses signatures that are wrong, malleable, missing or surplus', async () => {
    await using world = await ledgerWorld(driver());
    const wire = world.desk.request();
    const [body, signature] = [wire.subarray(0, -65), wire.subarray(-65)];
    const byAnother = world.desk.request({ actor: patient.address });
    const mirrored = Uint8Array.from([...body, ...malleable(signature)]);
    const doubled = Uint8Array.from([...wire, ...signature]);
    for (const bytes of [byAnother, mirrored, body.slice(), doubled])
      await expectRefusal(world, bytes, 'BAD_SIGNATURE');

    const registration = world.desk.register(memberAt(2));
    const [head, first, second, own] = [
      registration.subarray(0, -195),
      registration.subarray(-195, -130),
      registration.subarray(-130, -65),
      registration.subarray(-65),
    ];
    for (const signatures of [
      [second, first, own],
      [first, first, own],
      [first, own],
      [first, second],
    ])
      await expectRefusal(world, Uint8Array.from([head, ...signatures].flatMap((part) => [...part])), 'BAD_SIGNATURE');
    expect(officials).toHaveLength(3);
    expect(await world.under.readState(participant.key(memberAt(2).address))).toBeUndefined();
  });

  test('refuses commands that were signed for another ledger', async () => {
    await using world = await ledgerWorld(driver());
    await using other = await ledgerWorld(driver());
    await world.wait(Math.max(0, other.now - world.now));
    await expectRefusal(world, deskOf(other.ledger.genesis, () => world.now).request(), 'BAD_SIGNATURE');
    expect(await other.under.readState(participant.key(doctor.address))).toBeDefined();
  });
}
