/** Milliseconds after which somebody who waits for a timer or an input would notice. */
const LONGEST = 25;

/**
 * For loops that may be long: gives a promise to wait for whenever they have kept the thread for too long, so that the
 * rest of the program gets its turn. What a loop awaits may be there already, and then gives nobody a turn.
 */
export function breather(): () => Promise<void> | undefined {
  let since = performance.now();
  const breathe = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  };
  return () => (performance.now() - since < LONGEST ? undefined : breathe());
}
