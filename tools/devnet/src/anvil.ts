import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DevnetError } from './devnet-error.ts';
import { startGuard } from './guard.ts';
import { startProcess } from './managed-process.ts';
import { findFreePort } from './ports.ts';
import { waitUntil } from './wait-until.ts';

/** The public test mnemonic of the Ethereum tools: its accounts are the well-known development accounts. */
export const ANVIL_MNEMONIC: string = 'test test test test test test test test test test test junk';

export interface AnvilOptions {
  /** Default 31337. */
  readonly chainId?: number;
  /** EVM rules. Default `osaka`: gas figures depend on it. */
  readonly hardfork?: string;
  /**
   * `auto` (default): a block per transaction. `manual`: only on `evm_mine`. A number: a block every so many
   * seconds.
   */
  readonly mining?: 'auto' | 'manual' | number;
  /** Time of the genesis block in seconds since 1970. Default: now. */
  readonly timestamp?: number;
  /** Number of funded accounts; default 10. */
  readonly accounts?: number;
  /** Order of transactions in a block: by fee (default) or by arrival. */
  readonly order?: 'fees' | 'fifo';
  /** Default: a free port. */
  readonly port?: number;
  /** Further command line arguments. */
  readonly args?: readonly string[];
  readonly signal?: AbortSignal;
}

/** A running development chain. */
export interface Anvil extends AsyncDisposable {
  /** JSON-RPC over HTTP, and WebSocket under `ws://` at the same address. */
  readonly url: string;
  readonly chainId: number;
  readonly mnemonic: string;
  readonly pid: number;
  /** Sends one JSON-RPC request and returns its result; throws with the node's message. */
  request(method: string, params?: readonly unknown[]): Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * Starts anvil on 127.0.0.1 and waits until it answers.
 *
 * @throws {DevnetError} `program-missing` when there is no binary for this platform; `process-exited` or `not-ready`
 *   when it does not start.
 */
export async function startAnvil(options: AnvilOptions = {}): Promise<Anvil> {
  const { chainId = 31337, signal } = options;
  signal?.throwIfAborted();
  const command = locateAnvil();
  const port = options.port ?? (await findFreePort());
  const url = `http://127.0.0.1:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'medseal-anvil-'));
  const guard = startGuard(folder);
  const request = (method: string, params: readonly unknown[] = []): Promise<unknown> => call(url, method, params);
  const isReady = async (): Promise<boolean> => (await request('eth_chainId')) === `0x${chainId.toString(16)}`;
  try {
    const child = await startProcess({
      name: 'anvil',
      command,
      args: anvilArguments(options, chainId, port),
      env: { HOME: folder, TMPDIR: folder },
      cwd: folder,
      logFile: join(folder, 'anvil.log'),
      guard,
      ready: (started) =>
        waitUntil('anvil', isReady, { timeoutMs: 10_000, intervalMs: 10, signal, processes: [started] }),
    });
    const stop = async (): Promise<void> => {
      await child.stop();
      await guard.close();
    };
    return { url, chainId, mnemonic: ANVIL_MNEMONIC, pid: child.pid, request, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await guard.close();
    throw error;
  }
}

function anvilArguments(options: AnvilOptions, chainId: number, port: number): readonly string[] {
  const { mining = 'auto', timestamp } = options;
  const values: Readonly<Record<string, string | number>> = {
    host: '127.0.0.1',
    port,
    'chain-id': chainId,
    mnemonic: ANVIL_MNEMONIC,
    accounts: options.accounts ?? 10,
    hardfork: options.hardfork ?? 'osaka',
    order: options.order ?? 'fees',
    ...(typeof mining === 'number' ? { 'block-time': mining } : {}),
    ...(timestamp === undefined ? {} : { timestamp }),
  };
  const named = Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return ['--silent', ...named, ...(mining === 'manual' ? ['--no-mining'] : []), ...(options.args ?? [])];
}

// `@foundry-rs/anvil` is a launcher; the binary is in an optional package for the platform. Started directly, no
// second Node process stands between, and no install script has to run.
function locateAnvil(): string {
  const launcher = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json');
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const packageName = `@foundry-rs/anvil-${process.platform}-${architecture}`;
  const binary = process.platform === 'win32' ? 'anvil.exe' : 'anvil';
  try {
    const manifest = createRequire(launcher).resolve(`${packageName}/package.json`);
    const path = join(dirname(manifest), 'bin', binary);
    if (existsSync(path)) return path;
  } catch (cause) {
    throw new DevnetError('program-missing', `the package ${packageName} with the anvil binary is not installed`, {
      cause,
    });
  }
  throw new DevnetError('program-missing', `the package ${packageName} has no file bin/${binary}`);
}

async function call(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const body = (await response.json()) as { result?: unknown; error?: { message: string } };
  if (body.error !== undefined) throw new DevnetError('refused', `anvil refused ${method}: ${body.error.message}`);
  return body.result;
}
