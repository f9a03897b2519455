import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DevnetError } from '../devnet-error.ts';
import { buildFabric } from '../fabric/build.ts';
import type { ChaincodeOptions } from '../fabric/fabric-network.ts';
import { withLock } from '../with-lock.ts';
import { createStateFolder, findDetachedFabric, keeperLog, stateFile, stopDetachedFabric } from './detached-fabric.ts';
import type { DetachedFabric } from './detached-fabric.ts';
import type { KeeperMessage, KeeperOrder } from './keeper-message.ts';
import { print } from './print.ts';

const run = promisify(execFile);

export async function buildCommand(): Promise<void> {
  const programs = await buildFabric({ onProgress: print });
  print(`Fabric programs: ${join(programs.peer, '..')}`);
}

/** Starts a network that outlives this process. `chaincodes` are given as `name=path`. */
export async function upCommand(chaincodes: readonly string[]): Promise<void> {
  const order: KeeperOrder = { chaincodes: chaincodes.map(parseChaincode) };
  await createStateFolder();
  await withLock(`${stateFile}.lock`, () => up(order));
}

async function up(order: KeeperOrder): Promise<void> {
  const running = await findDetachedFabric();
  if (running !== undefined) {
    print('Fabric is running already.');
    printConnection(running);
    return;
  }
  await startKeeper(order);
  const state = await findDetachedFabric();
  if (state === undefined) throw new DevnetError('not-ready', `the network ended at once; see ${keeperLog}`);
  printConnection(state);
}

export async function downCommand(): Promise<void> {
  const state = await findDetachedFabric();
  if (state === undefined) {
    print('Fabric is not running.');
    return;
  }
  await stopDetachedFabric(state);
  print('Fabric is stopped.');
}

export async function statusCommand(): Promise<void> {
  const state = await findDetachedFabric();
  if (state === undefined) {
    print('Fabric is not running.');
    return;
  }
  printConnection(state);
  for (const { name, pid } of state.processes) print(`  ${name}: pid ${pid}, ${await residentMemory(pid)}`);
}

function parseChaincode(text: string): ChaincodeOptions {
  const [, name, entry] = /^([A-Za-z0-9_-]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || entry === undefined) throw new TypeError(`--chaincode wants name=path, not "${text}"`);
  return { name, entry: resolve(entry) };
}

async function startKeeper(order: KeeperOrder): Promise<void> {
  const log = openSync(keeperLog, 'w');
  const entry = join(import.meta.dirname, `fabric-keeper${extname(import.meta.filename)}`);
  const keeper = spawn(process.execPath, [entry], { detached: true, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const started = new Promise<void>((resolveStarted, reject) => {
    keeper.on('message', (message: KeeperMessage) => {
      if (message.type === 'progress') print(message.text);
      else if (message.type === 'ready') resolveStarted();
      else reject(new DevnetError('not-ready', message.text));
    });
    keeper.once('error', reject);
    keeper.once('exit', () => reject(new DevnetError('process-exited', `the keeper ended; see ${keeperLog}`)));
  });
  keeper.send(order);
  await started;
  keeper.unref();
}

function printConnection(state: DetachedFabric): void {
  print(`Channel ${state.channel}, chaincodes: ${state.chaincodes.join(', ') || 'none'}`);
  for (const peer of state.peers) print(`  ${peer.mspId}: gateway at ${peer.endpoint} (TLS name ${peer.hostAlias})`);
  print(`Certificates and keys to connect with: ${stateFile}`);
  print(`Logs: ${join(state.folder, 'logs')}`);
  print('Stop it with: pnpm fabric down');
}

async function residentMemory(pid: number): Promise<string> {
  try {
    const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
    return `${Math.round(Number(stdout) / 1024)} MiB`;
  } catch {
    return 'ended';
  }
}
