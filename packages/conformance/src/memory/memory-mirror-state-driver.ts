import { memoryMirrorState } from '@medseal/core';
import { type MirrorState, StoreUnavailableError } from '@medseal/core/adapter';
import type { MirrorStateDriver } from '../drivers/mirror-state-driver.ts';
import { type Gate, openGate } from './gate.ts';

function gatedMirrorState(state: MirrorState, gate: Gate): MirrorState {
  return {
    durable: state.durable,
    load: async (options) => {
      await gate.pass(options?.signal);
      return state.load(options);
    },
    owe: async (debts) => {
      const copies = structuredClone(debts);
      await gate.pass(undefined);
      await state.owe(copies);
    },
    settle: async (digest, copies) => {
      await gate.pass(undefined);
      await state.settle(digest, copies);
    },
    [Symbol.asyncDispose]: () => state[Symbol.asyncDispose](),
  };
}

/** What mirrors owe their copies, in memory. */
export function memoryMirrorStateDriver(): MirrorStateDriver {
  return {
    name: 'memory',
    create: async () => {
      const gate = openGate(() => new StoreUnavailableError('The test has cut the state off'));
      return {
        cutOff: gate.disturbances.cutOff,
        state: gatedMirrorState(memoryMirrorState(), gate),
        [Symbol.asyncDispose]: async () => {},
      };
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
