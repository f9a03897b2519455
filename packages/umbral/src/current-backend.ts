import type { Backend } from './backend.ts';
import { nobleBackend } from './noble-backend.ts';

let current = nobleBackend;

export function backend(): Backend {
  return current;
}

/**
 * Lets every later operation of this package run on another implementation of the curve. Results are the same bytes,
 * so it may be called at any time; a program calls it once, at its start.
 */
export function useBackend(chosen: Backend): void {
  current = chosen;
}
