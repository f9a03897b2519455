import fc from 'fast-check';
import { expect, it } from 'vitest';
import { start } from '../../../test/small-world.ts';
import { Play, step } from '../../../test/play.ts';
import { readNotifications } from '../../../test/read-notifications.ts';
import { LedgerView } from '../ledger-view.ts';
import type { Notification } from './notification.ts';

it('tells the same, in the same order, however often the reader is started again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const play = new Play();
      const { patient, doctors } = await play.people();
      const { world } = play.ward;
      const view = new LedgerView(world.ledger);
      const reader = { view, now: () => world.time };
      const readers = [patient, ...doctors].map((person) => ({ person, told: [] as Notification[] }));
      for (const one of steps) {
        await play.play(one);
        for (const { person, told } of readers)
          for (const most of one.reads)
            told.push(...(await readNotifications(reader, person, { after: told.at(-1)?.cursor, most })));
      }
      world.time += 20;
      const second = { view: new LedgerView(world.ledger), now: () => world.time };
      for (const { person, told } of readers) {
        told.push(...(await readNotifications(reader, person, { after: told.at(-1)?.cursor })));
        const atOnce = await readNotifications(second, person);
        expect(told).toEqual(atOnce);
        expect(new Set(told.map(({ cursor }) => cursor)).size).toBe(told.length);
      }
    }),
    { numRuns: 15 },
  );
});

it('has neither gaps nor repeats where the own clock is ahead', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), fc.nat({ max: 9 }), async (steps, ahead) => {
      const play = new Play();
      const { patient } = await play.people();
      const { world } = play.ward;
      const view = new LedgerView(world.ledger);
      const reader = { view, now: () => world.time + ahead };
      const told: Notification[] = [];
      for (const one of steps) {
        await play.play(one);
        for (const most of one.reads)
          told.push(...(await readNotifications(reader, patient, { after: told.at(-1)?.cursor, most })));
      }
      told.push(...(await readNotifications(reader, patient, { after: told.at(-1)?.cursor })));
      world.time += 20;
      told.push(...(await readNotifications(reader, patient, { after: told.at(-1)?.cursor })));
      expect(world.time).toBeGreaterThan(start);
      const inOrder = await readNotifications({ view, now: () => world.time }, patient);
      const entries = (all: readonly Notification[]): unknown[] =>
        all.flatMap((one) => ('entry' in one ? [one.entry] : []));
      expect(entries(told)).toEqual(entries(inOrder));
      const ends = (all: readonly Notification[]): string[] =>
        all.flatMap((one) => ('entry' in one ? [] : [`${one.type} ${'grant' in one ? one.grant : one.request}`]));
      expect(new Set(ends(told)).size).toBe(ends(told).length);
      // Ahead of the ledger, it may have told an end that the ledger then dated a withdrawal before.
      expect(ends(told)).toEqual(expect.arrayContaining(ends(inOrder)));
    }),
    { numRuns: 15 },
  );
});
