import type { BlobRef, CopyDebt, MirrorState } from '@medseal/core/adapter';
import { toHex } from '@medseal/protocol';
import { needsOutage, whileCutOff } from '../drivers/disturbances.ts';
import type { MirrorStateDriver, MirrorStateUnderTest } from '../drivers/mirror-state-driver.ts';
import { bytesOf } from '../suite/bytes-of.ts';
import { expectEqual, expectRejection } from '../suite/expect.ts';
import type { Suite, SuiteCase } from '../suite/suite.ts';

type MirrorStateCase = SuiteCase<MirrorStateUnderTest>;

const refOf = (seed: number, locator = `mirror:a=${seed}&b=%F0`): BlobRef => ({
  digest: toHex(bytesOf(32, seed)),
  size: seed * 1_000_000_007,
  locator,
});

const debt = (copy: string, task: CopyDebt['task'], seed: number): CopyDebt => ({ copy, task, ref: refOf(seed) });

const keyOf = ({ copy, ref }: CopyDebt): string => `${ref.digest} ${copy}`;

async function expectOwed(state: MirrorState, debts: readonly CopyDebt[], what = 'what is owed'): Promise<void> {
  const ordered = (all: readonly CopyDebt[]): readonly CopyDebt[] =>
    all.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  expectEqual(ordered(await state.load()), ordered(debts), what);
}

const calls: Readonly<Record<string, (state: MirrorState) => Promise<unknown>>> = {
  load: (state) => state.load(),
  owe: (state) => state.owe([debt('b', 'delete', 2)]),
  settle: (state) => state.settle(refOf(1).digest),
};

const cases: readonly MirrorStateCase[] = [
  {
    name: 'owes nothing at first',
    run: ({ state }) => expectOwed(state, []),
  },
  {
    name: 'gives back what is owed, in all its parts',
    run: async ({ state }) => {
      const debts = [
        debt('a', 'delete', 1),
        debt('b', 'restore', 2),
        { copy: 'b', task: 'delete', ref: refOf(3, '') },
        { copy: 'a copy’s “name”; --', task: 'restore', ref: refOf(4, `ipfs:${'x'.repeat(1000)}'"`) },
      ] as const;
      await state.owe(debts);
      await expectOwed(state, debts);
    },
  },
  {
    name: 'keeps debts of several copies and of several objects apart',
    run: async ({ state }) => {
      const debts = [1, 2].flatMap((seed) => ['a', 'b', 'c'].map((copy) => debt(copy, 'delete', seed)));
      for (const one of debts) await state.owe([one]);
      await expectOwed(state, debts);
      await state.settle(refOf(1).digest, ['a', 'c', 'x']);
      await expectOwed(state, [debt('b', 'delete', 1), ...debts.slice(3)], 'what is owed after copies settled');
      await state.settle(refOf(2).digest);
      await expectOwed(state, [debt('b', 'delete', 1)], 'what is owed after an object was settled');
    },
  },
  {
    name: 'puts a debt in the place of another one of the same copy and object',
    run: async ({ state }) => {
      await state.owe([debt('a', 'restore', 1), debt('b', 'restore', 1)]);
      const later = { copy: 'a', task: 'delete', ref: refOf(1, 'elsewhere') } as const;
      await state.owe([later]);
      await expectOwed(state, [later, debt('b', 'restore', 1)]);
    },
  },
  {
    name: 'settles what is not owed without a word',
    run: async ({ state }) => {
      await state.owe([debt('a', 'delete', 1)]);
      await state.owe([]);
      await state.settle(refOf(2).digest);
      await state.settle(refOf(1).digest, []);
      await state.settle(refOf(1).digest, ['b']);
      await expectOwed(state, [debt('a', 'delete', 1)]);
    },
  },
  {
    name: 'takes many debts at once, and several calls at once',
    run: async ({ state }) => {
      const many = Array.from({ length: 300 }, (_, seed) => debt('a', 'delete', seed));
      await Promise.all([
        state.owe(many),
        state.owe([debt('b', 'restore', 1)]),
        state.owe([debt('c', 'restore', 1)]),
        state.settle(refOf(400).digest),
      ]);
      await expectOwed(state, [...many, debt('b', 'restore', 1), debt('c', 'restore', 1)]);
    },
  },
  {
    name: 'shares no memory with those who owe',
    run: async ({ state }) => {
      const changing = { copy: 'a', task: 'delete', ref: { ...refOf(1) } } as { copy: string } & CopyDebt;
      const debts = [changing];
      await state.owe(debts);
      changing.copy = 'b';
      Object.assign(changing.ref, { locator: 'changed' });
      debts.length = 0;
      await expectOwed(state, [debt('a', 'delete', 1)]);
    },
  },
  {
    name: 'reads nothing for a signal that has aborted',
    run: async ({ state }) => {
      const reason = new Error('enough');
      await expectRejection(state.load({ signal: AbortSignal.abort(reason) }), reason, 'load with an aborted signal');
    },
  },
  ...Object.entries(calls).map(([name, call]): MirrorStateCase => ({
    name: `${name} says that the state cannot be reached, and changes nothing`,
    requires: (tested) => needsOutage(tested, name),
    run: async (tested) => {
      await tested.state.owe([debt('a', 'delete', 1)]);
      const state = (await tested.reopen?.()) ?? tested.state;
      const outage = { name: 'StoreUnavailableError', code: 'STORE_UNAVAILABLE', retryable: true };
      await whileCutOff(tested, () => expectRejection(call(state), outage, `${name} during an outage`));
      await expectOwed(state, [debt('a', 'delete', 1)], 'what is owed after an outage');
    },
  })),
  {
    name: 'remembers after a restart what it has taken, and not what was settled',
    requires: (tested) =>
      tested.state.durable && tested.reopen !== undefined ? undefined : 'it does not say that it survives a restart',
    run: async (tested) => {
      await tested.state.owe([debt('a', 'delete', 1), debt('b', 'delete', 1), debt('a', 'restore', 2)]);
      await tested.state.settle(refOf(1).digest, ['a']);
      const reopened = await tested.reopen?.();
      if (reopened !== undefined)
        await expectOwed(reopened, [debt('b', 'delete', 1), debt('a', 'restore', 2)], 'what is owed after a restart');
    },
  },
];

/** What every place for a mirror's debts must do. */
export const mirrorStateSuite: Suite<MirrorStateDriver, MirrorStateUnderTest> = {
  port: 'mirror state',
  open: (driver) => driver.create(),
  cases,
};
