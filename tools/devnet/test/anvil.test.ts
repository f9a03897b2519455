import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startAnvil } from '../src/anvil.ts';
import { isRunning, stillRunning } from './process-state.ts';

test('answers over JSON-RPC with the chosen chain and time, and stops', async () => {
  const anvil = await startAnvil({ chainId: 4242, timestamp: 1_700_000_000 });
  expect(await anvil.request('eth_chainId')).toBe('0x1092');
  expect(await anvil.request('eth_getBlockByNumber', ['0x0', false])).toMatchObject({ timestamp: '0x6553f100' });
  expect(isRunning(anvil.pid)).toBe(true);
  await anvil.stop();
  expect(isRunning(anvil.pid)).toBe(false);
});

test('mines by hand when told so', async () => {
  await using anvil = await startAnvil({ mining: 'manual' });
  const [from] = (await anvil.request('eth_accounts')) as string[];
  await anvil.request('eth_sendTransaction', [{ from, to: from, value: '0x1' }]);
  expect(await anvil.request('eth_blockNumber')).toBe('0x0');
  await anvil.request('evm_mine');
  expect(await anvil.request('eth_blockNumber')).toBe('0x1');
});

test('several run side by side', async () => {
  await using first = await startAnvil();
  await using second = await startAnvil();
  await first.request('evm_mine');
  expect(await second.request('eth_blockNumber')).toBe('0x0');
});

test('passes on what the node says when it refuses', async () => {
  await using anvil = await startAnvil();
  await expect(anvil.request('evm_noSuchMethod')).rejects.toMatchObject({ code: 'refused' });
});

test('a start that fails shows the end of the log', async () => {
  await expect(startAnvil({ args: ['--no-such-option'] })).rejects.toThrow(/^anvil ended with .*--no-such-option/s);
});

test('ends when its parent is killed with SIGKILL', async () => {
  const parent = spawn(process.execPath, [join(import.meta.dirname, 'fixtures', 'anvil-parent.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(output.toString());
  expect(isRunning(pid)).toBe(true);
  parent.kill('SIGKILL');
  expect(await stillRunning([pid], 2_000)).toEqual([]);
});
