import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles a program of `fixtures`, so that it starts in a quarter of the time. */
export async function bundleFixture(name: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@medseal/source'],
    external: ['secp256k1', 'hash-wasm'],
    logLevel: 'error',
  });
}

export interface WriterRun {
  readonly program: string;
  readonly path: string;
  readonly first: number;
  /** Milliseconds until it is killed: from its start, or from its first line that begins so. */
  readonly kill: { readonly after: 'start' | 'open' | 'ack'; readonly ms: number };
  /** Is told each line, and waited for. */
  readonly onLine?: (line: string) => Promise<void>;
}

/** Runs a writer until it is killed; gives the lines that it said. */
export async function runWriter({ program, path, first, kill, onLine }: WriterRun): Promise<readonly string[]> {
  const child: ChildProcess = spawn(process.execPath, [program, path, String(first), '16'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('The writer has no standard output');
  let waiting = true;
  const killLater = (): void => {
    if (waiting) setTimeout(() => child.kill('SIGKILL'), kill.ms);
    waiting = false;
  };
  if (kill.after === 'start') killLater();
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    await onLine?.(line);
    if (line.startsWith(kill.after)) killLater();
  }
  if (!child.killed) throw new Error('The writer ended by itself');
  return lines;
}
