import { concat, decision, type LedgerCode, participant } from '@medseal/protocol';
import { hashOf, memberAt } from '../sequence/cast.ts';
import { malleable } from '../sequence/hostile.ts';
import { expectEqual, expectMatch, expectRejection, expectTrue } from '../suite/expect.ts';
import { deskOf, doctor, patient, VALIDITY } from './desk.ts';
import { type LedgerCase, onLedger } from './ledger-case.ts';
import type { LedgerWorld } from './ledger-world.ts';

async function expectRefusal(world: LedgerWorld, wire: Uint8Array, code: LedgerCode): Promise<void> {
  const trace = async (): Promise<unknown> => ({ log: await world.log(), cursor: (await world.ledger.head()).cursor });
  const before = await trace();
  const committed = world.ledger.submit(wire).then((submission) => submission.committed());
  await expectRejection(committed, { name: 'RejectedError', code }, `a command refused with ${code}`);
  const answer = await world.under.sendRaw(wire);
  expectEqual(answer, { outcome: 'rejected', code }, `the same command past the adapter, refused with ${code}`);
  expectEqual(await trace(), before, `log and head after a refusal with ${code}`);
}

/** Nothing that is refused leaves a trace. */
export const refusalCases: readonly LedgerCase[] = [
  onLedger('refuses by the code of the first rule that fails, with the id, and leaves no trace', async (world) => {
    const request = hashOf('a request');
    const dead = world.desk.grant(request);
    const early = world.desk.grant(request, { validUntil: world.now + 86_401 });
    await expectRefusal(world, early, 'VALIDITY_TOO_LONG');
    await world.wait(VALIDITY);
    await expectRefusal(world, dead, 'COMMAND_EXPIRED');
    await expectRefusal(world, world.desk.grant(request, { grantee: memberAt(2).address }), 'UNKNOWN_PARTICIPANT');
    await expectRefusal(world, world.desk.grant(request, { keyVersion: 2, until: world.now }), 'STALE_VERSION');
    const stored = await world.under.readState(decision.key(patient.address, request));
    expectEqual(stored, undefined, 'the decision as stored');

    const refused = world.desk.grant(request, { until: world.now });
    const submitted = world.ledger.submit(refused).then((submission) => submission.committed());
    const meant = { code: 'UNTIL_PASSED', id: world.idOf(refused), retryable: false };
    await expectRejection(submitted, meant, 'a grant whose end has passed');
    const receipt = await world.commit(world.desk.grant(request));
    expectEqual(receipt.violation, undefined, 'violation of a good grant');
  }),

  onLedger('refuses bytes that are no command', async (world) => {
    const wire = world.desk.request();
    const unknown = wire.with(0, 255);
    for (const bytes of [new Uint8Array(), unknown, wire.slice(0, -1), concat(wire, Uint8Array.of(0))])
      await expectRefusal(world, bytes, 'MALFORMED');
  }),

  onLedger('refuses signatures that are wrong, malleable, missing or surplus', async (world) => {
    const wire = world.desk.request();
    const [body, signature] = [wire.subarray(0, -65), wire.subarray(-65)];
    const byAnother = world.desk.request({ actor: patient.address });
    for (const bytes of [byAnother, concat(body, malleable(signature)), body.slice(), concat(wire, signature)])
      await expectRefusal(world, bytes, 'BAD_SIGNATURE');

    const registration = world.desk.register(memberAt(2));
    const head = registration.subarray(0, -195);
    const [first, second, own] = [-195, -130, -65].map((from) => registration.slice(from).subarray(0, 65));
    expectTrue(first !== undefined && second !== undefined && own !== undefined, 'a registration has three signatures');
    for (const signatures of [
      [second, first, own],
      [first, first, own],
      [first, own],
      [first, second],
    ])
      await expectRefusal(world, concat(head, ...signatures.filter((one) => one !== undefined)), 'BAD_SIGNATURE');
    const stored = await world.under.readState(participant.key(memberAt(2).address));
    expectEqual(stored, undefined, 'the participant as stored');
  }),

  onLedger('refuses commands that were signed for another ledger', async (world) => {
    await using other = await world.another();
    await other.enrol();
    await world.wait(Math.max(0, other.now - world.now));
    const foreign = deskOf(other.ledger.genesis, () => world.now).request();
    await expectRefusal(world, foreign, 'BAD_SIGNATURE');
    const stored = await other.under.readState(participant.key(doctor.address));
    expectMatch(stored, { status: 'active' }, 'the participant of the other ledger');
  }),
];
