import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { findFreePorts } from './ports.ts';

test('ports are distinct, also between calls, and can be listened on', async () => {
  const [first, second] = await Promise.all([findFreePorts(10), findFreePorts(10)]);
  const ports = [...first, ...second];
  expect(new Set(ports).size).toBe(20);
  const listening = ports.map(
    (port) =>
      new Promise<number>((resolve, reject) => {
        const server = createServer();
        onTestFinished(() => void server.close());
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => resolve(port));
      }),
  );
  expect(await Promise.all(listening)).toEqual(ports);
});
