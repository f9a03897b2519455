import { memoryMirrorState } from '@medseal/core';
import type { MirrorStateDriver } from '../drivers/mirror-state-driver.ts';

/** What mirrors owe their copies, in memory. */
export function memoryMirrorStateDriver(): MirrorStateDriver {
  return {
    name: 'memory',
    create: async () => ({ state: memoryMirrorState(), [Symbol.asyncDispose]: async () => {} }),
    [Symbol.asyncDispose]: async () => {},
  };
}
