import type { Hex } from '../encode/bytes.ts';
import { type Entity, type StateKey, stateKey, type Write } from './entity.ts';
import { pack } from './packing.ts';

/** One account per person: a keyed commitment that is taken once and stays taken, also through a ban. */
export interface Person {
  readonly taken: true;
}

const entity: Entity<Person> = {
  name: 'person',
  encode: () => pack([8, 1]),
  decode: () => ({ taken: true }),
};

export const person: {
  key(commitment: Hex): StateKey<Person>;
  put(commitment: Hex): Write<Person>;
} = {
  key: (commitment) => stateKey(entity, commitment),
  put: (commitment) => ({ key: stateKey(entity, commitment), value: { taken: true } }),
};
