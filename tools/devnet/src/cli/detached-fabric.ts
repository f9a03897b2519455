import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { FabricConnection } from '../fabric/fabric-network.ts';
import { cacheFolder } from '../repository.ts';

/** What is known of the network that `fabric up` left running: everything that a client in another process needs. */
export interface DetachedFabric extends FabricConnection {
  /** Socket on which the keeper of the network takes the word `stop`. */
  readonly controlSocket: string;
  readonly folder: string;
  readonly chaincodes: readonly string[];
  readonly processes: readonly { readonly name: string; readonly pid: number }[];
}

const stateFolder = join(cacheFolder, 'devnet');
export const stateFile: string = join(stateFolder, 'fabric.json');
export const keeperLog: string = join(stateFolder, 'fabric-keeper.log');

/** Writes the state for this user alone: it holds the private keys of the test identities. */
export async function writeState(state: DetachedFabric): Promise<void> {
  await createStateFolder();
  const temporary = `${stateFile}.new`;
  await writeFile(temporary, JSON.stringify(state, undefined, 2), { mode: 0o600 });
  await rename(temporary, stateFile);
}

export async function createStateFolder(): Promise<void> {
  await mkdir(stateFolder, { recursive: true });
  await chmod(stateFolder, 0o700);
}

export async function removeState(): Promise<void> {
  await rm(stateFile, { force: true });
}

/** The detached network, if it is running. State left by one that has died is removed. */
export async function findDetachedFabric(): Promise<DetachedFabric | undefined> {
  let text: string;
  try {
    text = await readFile(stateFile, 'utf8');
  } catch {
    return undefined;
  }
  const state = JSON.parse(text) as DetachedFabric;
  const socket = await dial(state);
  if (socket === undefined) {
    await removeState();
    return undefined;
  }
  socket.destroy();
  return state;
}

/** Asks the keeper to stop the network, and resolves when the keeper has ended. */
export async function stopDetachedFabric(state: DetachedFabric): Promise<void> {
  const socket = await dial(state);
  if (socket === undefined) return;
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  socket.resume().write('stop\n');
  await closed;
}

function dial(state: DetachedFabric): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(state.controlSocket);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
