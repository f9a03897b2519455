import { decision, isHex, participant, PROTOCOL_VERSION } from '@medseal/protocol';
import { hashOf, sequenceAuthority } from '../sequence/cast.ts';
import { expectEqual, expectMatch, expectRejection, expectTrue } from '../suite/expect.ts';
import { doctor, patient, VALIDITY } from './desk.ts';
import { type LedgerCase, onLedger } from './ledger-case.ts';

/** Genesis, receipts, repeats, handles. */
export const submissionCases: readonly LedgerCase[] = [
  {
    name: 'states its genesis, with a domain of its own',
    run: async (world) => {
      await using second = await world.another();
      const { genesis, supports } = world.ledger;
      expectMatch(genesis, { protocolVersion: PROTOCOL_VERSION, authority: sequenceAuthority }, 'the genesis');
      expectTrue(isHex(genesis.domain, 32), 'the domain is 32 bytes in hex', genesis.domain);
      expectTrue(second.ledger.genesis.domain !== genesis.domain, 'two ledgers have two domains', genesis.domain);
      expectTrue(supports.finalityDelay >= 0, 'finalityDelay is not negative', supports.finalityDelay);
    },
  },

  {
    name: 'accepts, commits and makes final, with one receipt',
    run: async (world) => {
      const wire = world.desk.register(doctor);
      const submission = await world.ledger.submit(wire);
      expectEqual(submission.id, world.idOf(wire), 'id of the submission');
      const receipt = await submission.committed();
      expectMatch(receipt, { id: submission.id, time: world.now }, 'the receipt');
      expectEqual(receipt.violation, undefined, 'violation in the receipt');
      expectEqual(await submission.final(), receipt, 'the final receipt');
      expectEqual(await submission.committed(), receipt, 'the receipt asked for again');
      const stored = await world.under.readState(participant.key(doctor.address));
      expectMatch(stored, { status: 'active', version: 1 }, 'the participant as stored');
    },
  },

  onLedger('gives the first receipt to a command submitted twice, also after its validUntil', async (world) => {
    const grant = hashOf('a grant');
    const { desk } = world;
    const commands = [() => desk.grant(grant), () => desk.use(grant), () => desk.use(hashOf('no grant'))];
    for (const write of commands) {
      const wire = write();
      const first = await world.commit(wire);
      await world.wait(1);
      expectEqual(await world.commit(wire), first, 'the receipt of a repeat');
      await world.wait(VALIDITY);
      const again = await world.ledger.submit(wire);
      expectEqual(await again.committed(), first, 'the receipt of a repeat after validUntil');
      expectEqual(await again.final(), first, 'the final receipt of a repeat after validUntil');
    }
    expectEqual((await world.log()).length, 2 + commands.length, 'length of the log');
  }),

  onLedger('gives the first receipt although a relayer has sent the command again', async (world) => {
    const wire = world.desk.use(hashOf('no grant'));
    for (const time of ['first', 'second']) {
      await world.wait(1);
      const answer = await world.under.sendRaw(wire);
      expectEqual(answer, { outcome: 'violation', code: 'NO_GRANT' }, `the answer to the ${time} sending`);
    }
    const receipt = await world.commit(wire);
    const [first, second] = (await world.log()).slice(2);
    expectEqual(second?.time, world.now, 'time of the second entry');
    expectMatch(receipt, { time: world.now - 1, cursor: first?.cursor, violation: 'NO_GRANT' }, 'the receipt');
  }),

  onLedger('logs a violation, says so in the receipt, and changes nothing', async (world) => {
    const grant = hashOf('no grant');
    const receipt = await world.commit(world.desk.use(grant));
    expectEqual(receipt.violation, 'NO_GRANT', 'violation in the receipt');
    expectMatch((await world.log()).at(-1), { violation: 'NO_GRANT', cursor: receipt.cursor }, 'the entry');
    const stored = await world.under.readState(decision.key(patient.address, grant));
    expectEqual(stored, undefined, 'the state that an applied command would have written');
  }),

  onLedger('finds a command again by its id, and no other', async (world) => {
    const wire = world.desk.request();
    const handle = world.ledger.submission(world.idOf(wire));
    expectEqual(handle.id, world.idOf(wire), 'id of the handle');
    const unknown = { name: 'UnknownSubmissionError', code: 'UNKNOWN_SUBMISSION', id: handle.id };
    await expectRejection(handle.committed(), unknown, 'committed of a command never sent');
    await expectRejection(handle.final(), unknown, 'final of a command never sent');
    const receipt = await world.commit(wire);
    expectEqual(await handle.committed(), receipt, 'the receipt by the handle made before');
    expectEqual(await world.ledger.submission(handle.id).final(), receipt, 'the receipt by a new handle');
  }),
];
