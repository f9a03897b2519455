import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { buildFabric, fabricAvailable, startFabric } from '../src/index.ts';
import type { ChaincodeOptions, FabricNetwork } from '../src/index.ts';
import { connectContract } from './connect-gateway.ts';
import { isRunning, stillRunning } from './process-state.ts';

const available = await fabricAvailable();
const reason = available.ok ? '' : ` (skipped: ${available.reason})`;
const keyValue: ChaincodeOptions = {
  name: 'key-value',
  entry: join(import.meta.dirname, 'fixtures', 'key-value-chaincode.ts'),
};
// The first run on a machine compiles Fabric.
const BUILD_TIMEOUT_MS = 15 * 60_000;
const TIMEOUT_MS = 60_000;

describe.skipIf(!available.ok)(`Fabric network${reason}`, { timeout: TIMEOUT_MS }, () => {
  let network: FabricNetwork;

  beforeAll(async () => {
    await buildFabric({ onProgress: (message) => void process.stderr.write(`${message}\n`) });
  }, BUILD_TIMEOUT_MS);

  beforeAll(async () => {
    network = await startFabric({ chaincodes: [keyValue] });
  }, TIMEOUT_MS);

  afterAll(async () => {
    await network?.stop();
  });

  test('what one organisation puts, another gets', async () => {
    using first = connectContract(network, 0, 'key-value');
    using second = connectContract(network, 1, 'key-value');
    await first.submit('put', 'colour', 'blue');
    await second.submit('put', 'shape', 'round');
    expect(await second.evaluate('get', 'colour')).toBe('blue');
    expect(await first.evaluate('get', 'shape')).toBe('round');
  });

  test('works with a peer down, and the peer catches up after its restart', async () => {
    using first = connectContract(network, 0, 'key-value');
    await network.killPeer(2);
    expect(network.processes().map(({ name }) => name)).not.toContain('peer0.org3.example.com');
    await first.submit('put', 'while-down', 'yes');
    await network.startPeer(2);
    using third = connectContract(network, 2, 'key-value');
    await expect.poll(() => third.evaluate('get', 'while-down')).toBe('yes');
    await third.submit('put', 'after-restart', 'yes');
  });

  test('commits nothing without the orderer, and goes on after its restart', async () => {
    using first = connectContract(network, 0, 'key-value');
    await network.killOrderer();
    await expect(first.submit('put', 'no-orderer', 'lost')).rejects.toThrow('UNAVAILABLE');
    await network.startOrderer();
    await first.submit('put', 'orderer-again', 'yes');
    expect(await first.evaluate('get', 'no-orderer')).toBe('');
  });

  test('a chaincode process can be killed and started again', async () => {
    using first = connectContract(network, 0, 'key-value');
    await network.killChaincode('key-value');
    await expect(first.evaluate('get', 'colour')).rejects.toThrow();
    await network.startChaincode('key-value');
    await first.submit('put', 'chaincode-again', 'yes');
  });

  test('a further version keeps the state, a further chaincode has its own', async () => {
    using versioned = connectContract(network, 1, 'versioned');
    using second = connectContract(network, 1, 'key-value');
    await network.deploy({ ...keyValue, name: 'versioned' });
    await versioned.submit('put', 'kept', 'yes');
    expect(await versioned.evaluate('version')).toBe('1');
    await network.deploy({ ...keyValue, name: 'versioned', env: { KEY_VALUE_VERSION: '2' } });
    expect(await versioned.evaluate('version')).toBe('2');
    expect(await versioned.evaluate('get', 'kept')).toBe('yes');
    expect(await second.evaluate('get', 'kept')).toBe('');
    expect(network.chaincodes()).toEqual(['key-value', 'versioned']);
  });

  test('stop leaves no process and no file behind, and does not touch a network beside it', async () => {
    const beside = await startFabric();
    const pids = beside.processes().map(({ pid }) => pid);
    expect(pids.filter(isRunning)).toHaveLength(4);
    await beside.stop();
    expect(await stillRunning(pids, 0)).toEqual([]);
    expect(existsSync(beside.folder)).toBe(false);
    const others = network.processes().map(({ pid }) => pid);
    expect(others.filter(isRunning)).toEqual(others);
  });

  test('a chaincode that does not start fails the start with the end of its log', async () => {
    const entry = join(network.folder, 'broken-chaincode.js');
    await writeFile(entry, 'throw new Error("broken on purpose")');
    await expect(network.deploy({ name: 'broken', entry })).rejects.toThrow(/^broken-1 ended .*broken on purpose/s);
    expect(network.chaincodes()).not.toContain('broken');
  });

  test('an abort during the start leaves nothing behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'medseal-abort-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const abort = new AbortController();
    const stopped = new Error('enough');
    const onProgress = (message: string): void => {
      if (message.includes('deploying')) abort.abort(stopped);
    };
    const starting = startFabric({ chaincodes: [keyValue], onProgress, signal: abort.signal });
    await expect(starting).rejects.toBe(stopped);
    expect(await readdir(folder)).toEqual([]);
  });
});
