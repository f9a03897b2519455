/** Overwrites secrets that are no longer needed. Best effort: the engine may have copied them. */
export function wipe(...secrets: readonly Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0);
}
