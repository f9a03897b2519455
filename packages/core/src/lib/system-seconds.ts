/** The system's clock, whole seconds since 1970. */
export function systemSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
