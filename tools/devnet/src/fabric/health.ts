import { connect } from 'node:net';
import type { ManagedProcess } from '../managed-process.ts';
import { waitUntil } from '../wait-until.ts';
import { CHANNEL } from './topology.ts';
import type { OrdererNode } from './topology.ts';

/** Waits until a node reports itself healthy and accepts connections: the report comes first, so it alone is not enough. */
export async function waitForNode(
  child: ManagedProcess,
  operationsPort: number,
  ports: readonly number[],
  signal?: AbortSignal,
): Promise<void> {
  const isHealthy = async (): Promise<boolean> => (await fetch(operationsUrl(operationsPort, 'healthz'))).ok;
  await waitUntil(`${child.name} to be healthy`, isHealthy, { signal, processes: [child] });
  for (const port of ports) await waitForPort(child, port, signal);
}

/** Waits until a process accepts TCP connections. */
export async function waitForPort(child: ManagedProcess, port: number, signal?: AbortSignal): Promise<void> {
  await waitUntil(`${child.name} to listen`, () => accepts(port), { signal, processes: [child] });
}

/** Waits until the orderer leads the channel; before that it refuses transactions. */
export async function waitForLeader(child: ManagedProcess, orderer: OrdererNode, signal?: AbortSignal): Promise<void> {
  const isLeader = async (): Promise<boolean> => {
    const metrics = await (await fetch(operationsUrl(orderer.operationsPort, 'metrics'))).text();
    return metrics.includes(`consensus_etcdraft_is_leader{channel="${CHANNEL}"} 1`);
  };
  await waitUntil('a Raft leader', isLeader, { signal, processes: [child] });
}

function operationsUrl(port: number, path: string): string {
  return `http://127.0.0.1:${port}/${path}`;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => socket.destroy());
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
}
