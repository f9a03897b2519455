import type { Hex } from '@medseal/protocol';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { type Person, start } from '../../../test/small-world.ts';
import { readerOf, Ward } from '../../../test/ward.ts';
import { notifications } from '../../phases/audit/notifications.ts';
import { LedgerView } from '../ledger-view.ts';
import type { Notification } from './notification.ts';

const idle = new Error('nothing more to tell');

/** Reads on from a cursor: all there is, or as many as are asked for. */
async function readOn(
  { view, now }: { readonly view: LedgerView; readonly now: () => number },
  to: Person,
  after: string | undefined,
  most = Infinity,
): Promise<Notification[]> {
  const wait = vi.spyOn(view.tail, 'wait').mockImplementation(() => Promise.reject(idle));
  const found: Notification[] = [];
  try {
    if (most === 0) return found;
    for await (const one of notifications(readerOf(to, view, now), { after })) {
      found.push(one);
      if (found.length >= most) break;
    }
  } catch (error) {
    if (error !== idle) throw error;
  } finally {
    wait.mockRestore();
  }
  return found;
}

const actions = ['ask', 'grant', 'answer', 'deny', 'revoke', 'use', 'ban', 'rotate', 'wait', 'wait'] as const;

interface Step {
  readonly action: (typeof actions)[number];
  readonly who: number;
  readonly pick: number;
  /** How many notifications to read before the reader stops and is started again from its cursor. */
  readonly reads: readonly number[];
}

const step = fc.record({
  action: fc.constantFrom(...actions),
  who: fc.nat({ max: 1 }),
  pick: fc.nat({ max: 7 }),
  reads: fc.array(fc.nat({ max: 3 }), { maxLength: 2 }),
});

/** A ward whose people do what the steps say; what a rule refuses is not done. */
class Play {
  readonly ward = new Ward();
  readonly #requests: Hex[] = [];
  readonly #grants: Hex[] = [];
  readonly #versions = [1, 1];
  readonly #keys = [1, 1];

  async people(): Promise<{ readonly patient: Person; readonly doctors: readonly [Person, Person] }> {
    const { world } = this.ward;
    const doctor = (name: string): Promise<Person> => world.person(name, ['provider']);
    return { patient: await world.person('patient'), doctors: [await doctor('one'), await doctor('two')] };
  }

  async play({ action, who, pick }: Step): Promise<void> {
    const { patient, doctors } = await this.people();
    const doctor = doctors[who === 0 ? 0 : 1];
    const keyVersion = this.#keys[who] ?? 1;
    const { ward } = this;
    const chosen = <T>(from: readonly T[]): T | undefined => from[pick % Math.max(1, from.length)];
    const [request, grant] = [chosen(this.#requests), chosen(this.#grants)];
    const doing = {
      wait: async () => void (ward.world.time += pick),
      ask: async () => void this.#requests.push(await ward.ask(doctor, patient, 1 + pick)),
      grant: async () => void this.#grants.push(await ward.grant(patient, doctor, 1 + pick, { keyVersion })),
      answer: async () =>
        void (request && this.#grants.push(await ward.grant(patient, doctor, 1 + pick, { request, keyVersion }))),
      deny: async () => void (request && (await ward.deny(patient, request))),
      revoke: async () => void (grant && (await ward.revoke(patient, grant))),
      use: async () => void (grant && (await ward.use(doctor, patient, grant, ward.fresh()))),
      rotate: async () => {
        await ward.rotate(doctor, keyVersion);
        this.#keys[who] = keyVersion + 1;
      },
      ban: async () => {
        const version = this.#versions[who] ?? 1;
        await ward.world.ban(version % 2 === 1 ? 'ban' : 'reinstate', doctor, version);
        this.#versions[who] = version + 1;
      },
    };
    await doing[action]().catch((error: unknown) => {
      if (!(error instanceof Error && error.name === 'RejectedError')) throw error;
    });
  }
}

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
          for (const most of one.reads) told.push(...(await readOn(reader, person, told.at(-1)?.cursor, most)));
      }
      world.time += 20;
      const second = { view: new LedgerView(world.ledger), now: () => world.time };
      for (const { person, told } of readers) {
        told.push(...(await readOn(reader, person, told.at(-1)?.cursor)));
        const atOnce = await readOn(second, person, undefined);
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
        for (const most of one.reads) told.push(...(await readOn(reader, patient, told.at(-1)?.cursor, most)));
      }
      told.push(...(await readOn(reader, patient, told.at(-1)?.cursor)));
      world.time += 20;
      told.push(...(await readOn(reader, patient, told.at(-1)?.cursor)));
      expect(world.time).toBeGreaterThan(start);
      const inOrder = await readOn({ view, now: () => world.time }, patient, undefined);
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
