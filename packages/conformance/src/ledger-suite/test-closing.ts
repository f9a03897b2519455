import { LedgerUnavailableError } from '@medseal/core/adapter';
import { expect, test } from 'vitest';
import type { LedgerDriver } from '../ledger-driver.ts';
import { collect, ledgerWorld } from './ledger-world.ts';

/** What a closed ledger still does. */
export function testClosing(driver: () => LedgerDriver): void {
  test('closing ends those who follow the log, and can be done twice', async () => {
    await using world = await ledgerWorld(driver());
    const following = collect(world.ledger.entries({ follow: true }));
    await world.commit(world.desk.request());
    await world.ledger[Symbol.asyncDispose]();
    expect((await following).length).toBeLessThanOrEqual(3);
    await world.ledger[Symbol.asyncDispose]();
  });

  test('a closed ledger takes no command and gives no answer', async () => {
    await using world = await ledgerWorld(driver());
    const wire = world.desk.request();
    await world.ledger[Symbol.asyncDispose]();
    await expect(world.ledger.submit(wire)).rejects.toBeInstanceOf(LedgerUnavailableError);
    await expect(collect(world.ledger.entries())).rejects.toBeInstanceOf(LedgerUnavailableError);
    await expect(world.ledger.head()).rejects.toBeInstanceOf(LedgerUnavailableError);
    await expect(world.ledger.submission(world.idOf(wire)).committed()).rejects.toBeInstanceOf(LedgerUnavailableError);
  });
}
