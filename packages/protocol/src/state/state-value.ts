import type { Decision } from './decision.ts';
import type { StateKey, Write } from './entity.ts';
import type { Participant } from './participant.ts';
import type { Person } from './person.ts';

/** All that rules may read. */
export type StateValue = Participant | Person | Decision;

export type StateWrite = Write<StateValue>;

/** Point read of the present value, `undefined` where nothing was ever written. */
export type ReadState = (key: StateKey<StateValue>) => StateValue | undefined;
