/** Epoch of a compartment before any revocation has moved it on. */
export const FIRST_EPOCH = 1;
