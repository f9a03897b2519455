import type { Hex } from '@medseal/protocol';

/** Stands where the compartment's tag would: a record of the inbox is in none. */
export const NO_COMPARTMENT: Hex = `0x${'00'.repeat(32)}`;

/** Epoch of a record of the inbox. */
export const NO_EPOCH = 0;
