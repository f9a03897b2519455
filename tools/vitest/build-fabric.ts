import { buildFabric, fabricAvailable } from '../devnet/src/index.ts';

/** Before the tests on real ledgers: compiles Fabric with visible progress, or says why its tests will be skipped. */
export async function setup(): Promise<void> {
  const availability = await fabricAvailable();
  if (!availability.ok) {
    say(`the tests on Fabric are skipped: ${availability.reason}`);
    return;
  }
  const started = Date.now();
  let lastMessage = 0;
  await buildFabric({
    onProgress: (message) => {
      if (Date.now() - lastMessage < 1000) return;
      lastMessage = Date.now();
      say(message);
    },
  });
  const seconds = Math.round((Date.now() - started) / 1000);
  if (seconds > 0) say(`Fabric is ready after ${seconds} s`);
}

const say = (message: string): void => {
  process.stdout.write(`${message}\n`);
};
