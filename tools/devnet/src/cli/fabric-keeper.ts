// The process that `fabric up` leaves behind: it holds the network until it is told to stop.
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { FabricNetwork } from '../fabric/fabric-network.ts';
import { startFabric } from '../fabric/start-fabric.ts';
import { removeState, writeState } from './detached-fabric.ts';
import type { KeeperMessage, KeeperOrder } from './keeper-message.ts';
import { messageOf } from './print.ts';

process.once('message', (order: KeeperOrder) => void keep(order));

async function keep({ chaincodes }: KeeperOrder): Promise<void> {
  const interrupted = new AbortController();
  const abort = (): void => interrupted.abort(new Error('fabric up was interrupted'));
  process.once('disconnect', abort);
  try {
    const onProgress = (text: string): void => void tell({ type: 'progress', text });
    const network = await startFabric({ chaincodes, onProgress, signal: interrupted.signal });
    const controlSocket = await listenForStop(network);
    const { channel, peers, orderer, organisations, folder } = network;
    const processes = network.processes().map(({ name, pid }) => ({ name, pid }));
    const connection = { channel, peers, orderer, organisations };
    await writeState({ controlSocket, folder, chaincodes: network.chaincodes(), processes, ...connection });
    await tell({ type: 'ready' });
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
    await tell({ type: 'failed', text: messageOf(error) });
  }
  process.off('disconnect', abort);
  if (process.connected) process.disconnect();
}

function tell(message: KeeperMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

/** Stops the network at the word of a client, who sees its connection close when all is done, or at a signal. */
async function listenForStop(network: FabricNetwork): Promise<string> {
  const path = join(network.folder, 'control.sock');
  const clients = new Set<Socket>();
  const server = createServer((socket) => {
    clients.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => clients.delete(socket));
    socket.once('data', () => void stop());
  });
  const stop = async (): Promise<void> => {
    server.close();
    await network.stop();
    await removeState();
    for (const client of clients) client.destroy();
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
  server.listen(path);
  await once(server, 'listening');
  return path;
}
