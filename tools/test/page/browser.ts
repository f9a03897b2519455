import { accessSync, constants } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import { repository } from '../repository.ts';

/** Path of a Chromium, or its like, on PATH. */
export function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = folders.flatMap((folder) =>
    ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)),
  );
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Opens no connection but to the page's own server, and leaves nothing behind. */
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'].concat(
  ['background-networking', 'component-update', 'sync', 'dev-shm-usage'].map((feature) => `--disable-${feature}`),
);

export function startBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true, args: quiet });
}

export interface PageServer extends AsyncDisposable {
  readonly url: string;
  /** What the page gets from /sealed. */
  offer: Uint8Array;
  /** What the page has posted there. */
  readonly posted: Uint8Array[];
}

/** Serves the page and its bundle on this machine alone. */
export async function servePage(): Promise<PageServer> {
  const script = await bundlePage();
  const posted: Uint8Array[] = [];
  const server: Server = createServer((request, response) => {
    const answer = async (): Promise<readonly [type: string, body: string | Uint8Array]> => {
      if (request.url === '/page.js') return ['text/javascript', script];
      if (request.url !== '/sealed')
        return ['text/html', '<!doctype html><script type="module" src="/page.js"></script>'];
      if (request.method === 'POST') posted.push(await bodyOf(request));
      return ['application/octet-stream', page.offer];
    };
    answer().then(
      ([type, body]) => response.writeHead(200, { 'content-type': type }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const page: PageServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    offer: new Uint8Array(),
    posted,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return page;
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of request) pieces.push(piece as Uint8Array);
  return Uint8Array.from(Buffer.concat(pieces));
}

async function bundlePage(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(repository, 'tools/test/page/page.ts')],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    conditions: ['@medseal/source'],
    write: false,
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('esbuild wrote nothing');
  return file.contents;
}
