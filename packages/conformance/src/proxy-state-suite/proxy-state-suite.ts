import { needsOutage, needsStall, whileCutOff, whileStalled } from '../drivers/disturbances.ts';
import type { ProxyStateDriver, ProxyStateUnderTest } from '../drivers/proxy-state-driver.ts';
import { bytesOf } from '../suite/bytes-of.ts';
import { expectEqual, expectRejection, expectTrue } from '../suite/expect.ts';
import type { Suite, SuiteCase } from '../suite/suite.ts';

type ProxyStateCase = SuiteCase<ProxyStateUnderTest>;

const sizes = [0, 1, 65_537, 3_000_000];

const cases: readonly ProxyStateCase[] = [
  {
    name: 'has nothing before the first save',
    run: async ({ state }) => {
      expectEqual(await state.load(), undefined, 'what was saved');
    },
  },

  ...sizes.map((size): ProxyStateCase => ({
    name: `gives ${size} saved bytes back`,
    run: async ({ state }) => {
      await state.save(bytesOf(size, 1));
      expectEqual(await state.load(), bytesOf(size, 1), 'what was saved');
    },
  })),

  {
    name: 'gives what was saved last, whole, also when it is shorter',
    run: async ({ state }) => {
      for (const size of [100, 1000, 10]) {
        await state.save(bytesOf(size, size));
        expectEqual(await state.load(), bytesOf(size, size), 'what was saved last');
      }
    },
  },

  {
    name: 'holds one of several states that are saved at once, whole',
    run: async ({ state }) => {
      const states = Array.from({ length: 8 }, (_, index) => bytesOf(20_000 + index, index));
      await Promise.all(states.map((bytes) => state.save(bytes)));
      const loaded = await state.load();
      const one = states.find((bytes) => bytes.length === loaded?.length);
      expectTrue(one !== undefined, 'the state has the length of one that was saved', loaded?.length);
      expectEqual(loaded, one, 'the state');
    },
  },

  {
    name: 'shares no memory with those who save and load',
    run: async ({ state }) => {
      const bytes = bytesOf(50, 1);
      await state.save(bytes);
      bytes.fill(0);
      (await state.load())?.fill(0);
      expectEqual(await state.load(), bytesOf(50, 1), 'what was saved');
    },
  },

  {
    name: 'keeps the last of those that are saved while the backend is silent',
    requires: (tested) => needsStall(tested, 'save'),
    run: async (tested) => {
      await tested.state.save(bytesOf(100, 1));
      const saving: Promise<void>[] = [];
      await whileStalled(tested, async () => {
        for (const seed of [2, 3]) saving.push(tested.state.save(bytesOf(100, seed)));
        await new Promise((resolve) => setTimeout(resolve));
      });
      await Promise.all(saving);
      expectEqual(await tested.state.load(), bytesOf(100, 3), 'what was saved last');
    },
  },

  {
    name: 'tells an outage from a first time, and keeps what was saved before',
    requires: (tested) => needsOutage(tested, 'load') ?? needsOutage(tested, 'save'),
    run: async (tested) => {
      await tested.state.save(bytesOf(100, 1));
      const outage = { name: 'StoreUnavailableError', code: 'STORE_UNAVAILABLE' };
      await whileCutOff(tested, async () => {
        await expectRejection(tested.state.load(), outage, 'load during an outage');
        await expectRejection(tested.state.save(bytesOf(100, 2)), outage, 'save during an outage');
      });
      expectEqual(await tested.state.load(), bytesOf(100, 1), 'what was saved last');
    },
  },

  {
    name: 'gives what was saved last after a restart',
    requires: (tested) => (tested.reopen === undefined ? 'it lives as long as the process' : undefined),
    run: async (tested) => {
      for (const seed of [1, 2]) await tested.state.save(bytesOf(5000, seed));
      expectEqual(await (await tested.reopen?.())?.load(), bytesOf(5000, 2), 'what was saved last');
    },
  },
];

/** What every memory of a proxy must do. */
export const proxyStateSuite: Suite<ProxyStateDriver, ProxyStateUnderTest> = {
  port: 'proxy state',
  open: (driver) => driver.create(),
  cases,
};
