import { RejectedError } from '@medseal/core/adapter';
import { decision } from '@medseal/protocol';
import { expect, test } from 'vitest';
import type { LedgerDriver } from '../ledger-driver.ts';
import { hashOf } from '../sequence/cast.ts';
import { patient } from './desk.ts';
import { ledgerWorld } from './ledger-world.ts';

/** Many at once. */
export function testConcurrency(driver: () => LedgerDriver): void {
  test('takes different commands at once', async () => {
    await using world = await ledgerWorld(driver());
    const wires = Array.from({ length: 6 }, (_, index) => world.desk.request({ terms: hashOf(`terms ${index}`) }));
    const receipts = await Promise.all(wires.map((wire) => world.commit(wire)));
    const log = (await world.log()).slice(2);
    expect(log.map(({ cursor }) => cursor).toSorted()).toEqual(receipts.map(({ cursor }) => cursor).toSorted());
    expect(receipts.map(({ id }) => id)).toEqual(wires.map((wire) => world.idOf(wire)));
  });

  test('enters a command once, however often it is submitted at once', async () => {
    await using world = await ledgerWorld(driver());
    const wire = world.desk.use(hashOf('no grant'));
    const receipts = await Promise.all(Array.from({ length: 4 }, () => world.commit(wire)));
    const [entry, ...more] = (await world.log()).slice(2);
    expect(more).toEqual([]);
    for (const receipt of receipts) expect(receipt).toMatchObject({ cursor: entry?.cursor, violation: 'NO_GRANT' });
  });

  test('lets one of two decisions on one request win, and refuses the other', async () => {
    await using world = await ledgerWorld(driver());
    const request = hashOf('a request');
    const wires = [world.desk.grant(request), world.desk.deny(request)];
    const outcomes = await Promise.allSettled(wires.map((wire) => world.commit(wire)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]?.reason).toBeInstanceOf(RejectedError);
    expect(refused[0]?.reason).toMatchObject({ code: 'ALREADY_DECIDED' });
    expect(await world.log()).toHaveLength(3);
    const granted = outcomes[0]?.status === 'fulfilled';
    const stored = await world.under.readState(decision.key(patient.address, request));
    expect(stored).toMatchObject({ status: granted ? 'granted' : 'denied' });
  });
}
