import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type TcpLine, tcpLine } from './tcp-line.ts';

let server: Server;
let line: TcpLine;
let heard: string;
beforeEach(async () => {
  heard = '';
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      heard += String(bytes);
      socket.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  line = await tcpLine(`127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(async () => {
  await line[Symbol.asyncDispose]();
  server.close();
});

function call(): Socket {
  return connect({ host: '127.0.0.1', port: Number(line.endpoint.split(':')[1]) });
}

async function echo(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  return String((await once(socket, 'data'))[0]);
}

it('lets everything through, both ways', async () => {
  const socket = call();
  expect(await echo(socket, 'hello')).toBe('hello');
  socket.destroy();
});

it('holds what is sent on old and new connections, and then lets it through', async () => {
  const old = call();
  await echo(old, 'a');
  const stalled = await line.stall();
  const fresh = call();
  await once(fresh, 'connect');
  const answers = [echo(old, 'b'), echo(fresh, 'c')];
  // A connection past the line shows that the server is not the one that is silent.
  const direct = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  await echo(direct, 'd');
  expect(heard).toBe('ad');
  await stalled[Symbol.asyncDispose]();
  expect(await Promise.all(answers)).toEqual(['b', 'c']);
  for (const socket of [old, fresh, direct]) socket.destroy();
});

it('resets old and new connections, and then takes new ones', async () => {
  const old = call();
  await echo(old, 'a');
  const reset = vi.fn<(error: Error) => void>();
  old.on('error', reset);
  const cut = await line.cutOff();
  expect(reset).toHaveBeenCalledWith(expect.objectContaining({ code: 'ECONNRESET' }));
  const fresh = call();
  expect(await once(fresh, 'error')).toMatchObject([{ code: 'ECONNRESET' }]);
  await cut[Symbol.asyncDispose]();
  const later = call();
  expect(await echo(later, 'e')).toBe('e');
  later.destroy();
});
