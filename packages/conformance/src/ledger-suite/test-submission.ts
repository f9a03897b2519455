import { UnknownSubmissionError } from '@medseal/core/adapter';
import { decision, isHex, participant, PROTOCOL_VERSION } from '@medseal/protocol';
import { expect, test } from 'vitest';
import type { LedgerDriver } from '../ledger-driver.ts';
import { hashOf, sequenceAuthority } from '../sequence/cast.ts';
import { doctor, patient, VALIDITY } from './desk.ts';
import { emptyWorld, ledgerWorld } from './ledger-world.ts';

/** Genesis, receipts, repeats, handles. */
export function testSubmission(driver: () => LedgerDriver): void {
  test('states its genesis, with a domain of its own', async () => {
    await using first = await emptyWorld(driver());
    await using second = await emptyWorld(driver());
    expect(first.ledger.genesis).toMatchObject({ protocolVersion: PROTOCOL_VERSION, authority: sequenceAuthority });
    expect(isHex(first.ledger.genesis.domain, 32)).toBe(true);
    expect(second.ledger.genesis.domain).not.toBe(first.ledger.genesis.domain);
    expect(first.ledger.supports.finalityDelay).toBeGreaterThanOrEqual(0);
  });

  test('accepts, commits and makes final, with one receipt', async () => {
    await using world = await emptyWorld(driver());
    const wire = world.desk.register(doctor);
    const submission = await world.ledger.submit(wire);
    expect(submission.id).toBe(world.idOf(wire));
    const receipt = await submission.committed();
    expect(receipt).toMatchObject({ id: submission.id, time: world.now });
    expect(receipt.violation).toBeUndefined();
    expect(await submission.final()).toEqual(receipt);
    expect(await submission.committed()).toEqual(receipt);
    const stored = await world.under.readState(participant.key(doctor.address));
    expect(stored).toMatchObject({ status: 'active', version: 1 });
  });

  test('gives the first receipt to a command submitted twice, also after its validUntil', async () => {
    await using world = await ledgerWorld(driver());
    const grant = hashOf('a grant');
    const { desk } = world;
    const commands = [() => desk.grant(grant), () => desk.use(grant), () => desk.use(hashOf('no grant'))];
    for (const write of commands) {
      const wire = write();
      const first = await world.commit(wire);
      await world.wait(1);
      expect(await world.commit(wire)).toEqual(first);
      await world.wait(VALIDITY);
      const again = await world.ledger.submit(wire);
      expect(await again.committed()).toEqual(first);
      expect(await again.final()).toEqual(first);
    }
    expect(await world.log()).toHaveLength(2 + commands.length);
  });

  test('gives the first receipt although a relayer has sent the command again', async () => {
    await using world = await ledgerWorld(driver());
    const wire = world.desk.use(hashOf('no grant'));
    await world.wait(1);
    expect(await world.under.sendRaw(wire)).toEqual({ outcome: 'violation', code: 'NO_GRANT' });
    await world.wait(1);
    expect(await world.under.sendRaw(wire)).toEqual({ outcome: 'violation', code: 'NO_GRANT' });
    const receipt = await world.commit(wire);
    const [first, second] = (await world.log()).slice(2);
    expect(second?.time).toBe(world.now);
    expect(receipt).toMatchObject({ time: world.now - 1, cursor: first?.cursor, violation: 'NO_GRANT' });
  });

  test('logs a violation, says so in the receipt, and changes nothing', async () => {
    await using world = await ledgerWorld(driver());
    const grant = hashOf('no grant');
    const receipt = await world.commit(world.desk.use(grant));
    expect(receipt.violation).toBe('NO_GRANT');
    expect((await world.log()).at(-1)).toMatchObject({ violation: 'NO_GRANT', cursor: receipt.cursor });
    expect(await world.under.readState(decision.key(patient.address, grant))).toBeUndefined();
  });

  test('finds a command again by its id, and no other', async () => {
    await using world = await ledgerWorld(driver());
    const wire = world.desk.request();
    const handle = world.ledger.submission(world.idOf(wire));
    expect(handle.id).toBe(world.idOf(wire));
    await expect(handle.committed()).rejects.toBeInstanceOf(UnknownSubmissionError);
    await expect(handle.final()).rejects.toMatchObject({ code: 'UNKNOWN_SUBMISSION', id: handle.id });
    const receipt = await world.commit(wire);
    expect(await handle.committed()).toEqual(receipt);
    expect(await world.ledger.submission(handle.id).final()).toEqual(receipt);
  });
}
