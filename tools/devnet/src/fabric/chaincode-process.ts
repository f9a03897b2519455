import { join, resolve } from 'node:path';
import { startProcess } from '../managed-process.ts';
import type { ManagedProcess } from '../managed-process.ts';
import type { ChaincodeOptions } from './fabric-network.ts';
import { waitForPort } from './health.ts';
import type { NetworkContext } from './nodes.ts';

/** Starts a chaincode server and waits until it listens. */
export function startChaincodeProcess(
  { folder, guard }: NetworkContext,
  chaincode: ChaincodeOptions,
  at: { readonly port: number; readonly packageId: string; readonly processName: string },
  signal?: AbortSignal,
): Promise<ManagedProcess> {
  const entry = resolve(chaincode.entry);
  // Sources import other workspace packages as sources.
  const sourceArgs = entry.endsWith('.ts') ? ['--conditions=@medseal/source'] : [];
  return startProcess({
    name: at.processName,
    command: process.execPath,
    args: [...sourceArgs, ...(chaincode.nodeArgs ?? []), entry],
    env: {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOME: folder,
      ...chaincode.env,
      CHAINCODE_ID: at.packageId,
      CHAINCODE_SERVER_ADDRESS: `127.0.0.1:${at.port}`,
    },
    cwd: folder,
    logFile: join(folder, 'logs', `${at.processName}.log`),
    guard,
    ready: (child) => waitForPort(child, at.port, signal),
  });
}
