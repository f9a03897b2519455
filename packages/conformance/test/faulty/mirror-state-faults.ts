import { type CopyDebt, memoryMirrorState, type MirrorState } from '@medseal/core';
import { memoryMirrorStateDriver, type MirrorStateDriver } from '../../src/index.ts';
import { endedForeignly, type Faults } from './faults.ts';

type Change = (honest: MirrorState) => Partial<MirrorState>;

function faulty(change: Change, reopened?: () => MirrorState): () => MirrorStateDriver {
  return () => ({
    name: 'faulty',
    create: async () => {
      const under = await memoryMirrorStateDriver().create();
      const honest = { ...under.state, durable: true };
      const state = { ...honest, ...change(honest) };
      return { ...under, state, reopen: async () => reopened?.() ?? state };
    },
    [Symbol.asyncDispose]: async () => {},
  });
}

const loading = (change: (debts: readonly CopyDebt[]) => readonly CopyDebt[]): (() => MirrorStateDriver) =>
  faulty((honest) => ({ load: async (options) => change(await honest.load(options)) }));

export const mirrorStateFaults: Faults<MirrorStateDriver> = {
  // First the one that the cases on outages are for: forgetting locators fails these too.
  'takes an outage for an answer': faulty((honest) => ({
    load: (options) =>
      honest.load(options).catch((error: unknown) => {
        if (options?.signal?.aborted === true) throw error;
        return [];
      }),
    owe: (debts) => honest.owe(debts).catch(() => {}),
    settle: (digest, copies) => honest.settle(digest, copies).catch(() => {}),
  })),
  'begins with a debt': loading((debts) =>
    debts.length > 0
      ? debts
      : [{ copy: 'a', task: 'delete', ref: { digest: `0x${'00'.repeat(32)}`, size: 0, locator: '' } }],
  ),
  'forgets locators': loading((debts) => debts.map((debt) => ({ ...debt, ref: { ...debt.ref, locator: '' } }))),
  'keeps one debt for all copies of an object': loading((debts) => [
    ...new Map(debts.map((debt) => [debt.ref.digest, debt])).values(),
  ]),
  'settles all copies when told one': faulty((honest) => ({ settle: (digest) => honest.settle(digest) })),
  'settles nothing': faulty(() => ({ settle: async () => {} })),
  'settles everything': faulty((honest) => ({
    settle: async () => {
      for (const { ref } of await honest.load()) await honest.settle(ref.digest);
    },
  })),
  'keeps the debt that was there': faulty((honest) => ({
    owe: async (debts) => {
      const before = await honest.load();
      await honest.owe(debts);
      await honest.owe(before);
    },
  })),
  'loses one of several calls at once': faulty((honest) => {
    let busy = false;
    return {
      owe: async (debts) => {
        if (busy) return;
        busy = true;
        await new Promise((resolve) => setTimeout(resolve));
        busy = false;
        await honest.owe(debts);
      },
    };
  }),
  'keeps the memory of its callers': faulty((honest) => {
    const held = new Map<string, CopyDebt>();
    return {
      load: async (options) => [...(await honest.load(options)), ...held.values()],
      owe: async (debts) => {
        for (const debt of debts) held.set(`${debt.ref.digest} ${debt.copy}`, debt);
      },
      settle: async (digest, copies) => {
        for (const [key, { copy, ref }] of held)
          if (ref.digest === digest && copies?.includes(copy) !== false) held.delete(key);
      },
    };
  }),
  'ends aborted calls with an error of its own': faulty((honest) => ({
    load: (options) => endedForeignly(options?.signal, honest.load(options)),
  })),
  'forgets all at a restart': faulty(
    () => ({}),
    () => memoryMirrorState(),
  ),
};
