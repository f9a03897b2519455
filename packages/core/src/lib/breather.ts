/** Milliseconds after which somebody who waits for a timer or an input would notice. */
const LONGEST = 25;

/**
 * For loops that may be long: gives a promise to wait for when no other part of the program had its turn for too long.
 * What a loop awaits may be there already, and then gives nobody a turn.
 */
export function breather(): () => Promise<void> | undefined {
  let since: number | undefined;
  return () => {
    const now = performance.now();
    if (since === undefined) {
      since = now;
      void turn().then(() => (since = undefined));
    }
    return now - since < LONGEST ? undefined : turn();
  };
}

/** Until others had their turn. A message, because timers of a page in the background come once a second. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const done = (): void => {
      port1.close();
      resolve();
    };
    port1.addEventListener('message', done, { once: true });
    port1.start();
    port2.postMessage(undefined);
  });
}
