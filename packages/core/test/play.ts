import type { Hex } from '@medseal/protocol';
import fc from 'fast-check';
import type { Person } from './small-world.ts';
import { Ward } from './ward.ts';

const actions = ['ask', 'grant', 'answer', 'deny', 'revoke', 'use', 'ban', 'rotate', 'wait', 'wait'] as const;

export interface Step {
  readonly action: (typeof actions)[number];
  readonly who: number;
  readonly pick: number;
  /** How many notifications to read before the reader stops and is started again from its cursor. */
  readonly reads: readonly number[];
}

export const step: fc.Arbitrary<Step> = fc.record({
  action: fc.constantFrom(...actions),
  who: fc.nat({ max: 1 }),
  pick: fc.nat({ max: 7 }),
  reads: fc.array(fc.nat({ max: 3 }), { maxLength: 2 }),
});

/** A ward whose people do what the steps say; what a rule refuses is not done. */
export class Play {
  readonly ward: Ward = new Ward();
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
