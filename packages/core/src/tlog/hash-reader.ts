/**
 * Gives the stored hash of the complete subtree over the leaves from `index * 2 ** level` up to, not with,
 * `(index + 1) * 2 ** level`. Throws when it does not have it.
 */
export type HashReader = (level: number, index: number) => Uint8Array;
