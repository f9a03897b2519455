import { setImmediate as nextTurn } from 'node:timers/promises';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** The way of TCP connections to a server, through this process: what a test can hold or cut. */
export interface TcpLine extends AsyncDisposable {
  /** `127.0.0.1:port`: who connects here reaches the server. */
  readonly endpoint: string;
  /** From now on connections are taken, and nothing passes either way; all of it does when the result is disposed of. */
  stall(): Promise<AsyncDisposable>;
  /** From now on every connection is reset, those that stand and those that are tried. */
  cutOff(): Promise<AsyncDisposable>;
}

const TURNS = 3;

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

/** @param to `host:port` of the server */
export async function tcpLine(to: string): Promise<TcpLine> {
  const { hostname: host, port } = new URL(`tcp://${to}`);
  const pairs = new Set<Pair>();
  let state: 'open' | 'stalled' | 'cut' = 'open';
  const server = createServer((near) => {
    near.on('error', () => {});
    if (state === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const pair = { near, far: connect({ host, port: Number(port) }) };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      pair.far.destroy();
    };
    pair.far.on('error', () => {});
    for (const socket of [near, pair.far]) socket.on('close', end);
    if (state === 'open') join(pair);
  });
  const until = async (disturbed: 'stalled' | 'cut', each: (pair: Pair) => void): Promise<AsyncDisposable> => {
    state = disturbed;
    for (const pair of pairs) each(pair);
    return {
      [Symbol.asyncDispose]: async () => {
        state = 'open';
        for (const pair of pairs) join(pair);
      },
    };
  };
  return {
    endpoint: `127.0.0.1:${await listen(server)}`,
    stall: () => until('stalled', part),
    cutOff: async () => {
      const cut = await until('cut', ({ near }) => near.resetAndDestroy());
      // A client in this process learns of it in the next turns of the event loop.
      for (let turn = 0; turn < TURNS; turn++) await nextTurn();
      return cut;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const { near } of pairs) near.destroy();
      }),
  };
}

function join({ near, far }: Pair): void {
  near.pipe(far);
  far.pipe(near);
}

/** What was read stays in the sockets' buffers, then in those of the system. */
function part({ near, far }: Pair): void {
  near.unpipe(far).pause();
  far.unpipe(near).pause();
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
