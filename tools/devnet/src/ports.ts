import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the ephemeral range of Linux, macOS and Windows: an outgoing connection cannot take the port of a node
// that is stopped for a while.
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;

const handedOut = new Set<number>();

/**
 * Chooses TCP ports that are free on 127.0.0.1. A port is handed out once in the life of this process, so several
 * networks may start side by side.
 */
export async function findFreePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = randomInt(LOWEST_PORT, HIGHEST_PORT);
    if (handedOut.has(port)) continue;
    handedOut.add(port);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

/** Like {@link findFreePorts}, for one port. */
export async function findFreePort(): Promise<number> {
  const [port] = await findFreePorts(1);
  if (port === undefined) throw new RangeError('no port was found');
  return port;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
