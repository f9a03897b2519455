import type { ProxyStateDriver, ProxyStateUnderTest } from '../drivers/proxy-state-driver.ts';
import { bytesOf } from '../suite/bytes-of.ts';
import { expectEqual, expectTrue } from '../suite/expect.ts';
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
