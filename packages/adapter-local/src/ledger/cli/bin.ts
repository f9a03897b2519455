#!/usr/bin/env node
import { run } from './run.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => abort.abort(new Error(`stopped by ${signal}`)));

// Whoever reads us may stop.
process.stdout.on('error', () => {});

process.exitCode = await run(process.argv.slice(2), {
  write: (text) => void process.stdout.write(text),
  say: (line) => void process.stderr.write(`${line}\n`),
  progress: (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${text}\r`);
  },
  signal: abort.signal,
});
