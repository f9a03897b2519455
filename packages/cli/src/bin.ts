#!/usr/bin/env node
import { useHashThread } from '@medseal/core/format';
import { askTerminal } from './ask-terminal.ts';
import { run } from './index.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => abort.abort(new Error(`stopped by ${signal}`)));

// Whoever reads us may stop; the write that fails then says so.
process.stdout.on('error', () => {});

useHashThread();
process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin as AsyncIterable<Uint8Array>,
  writeOut: (bytes) =>
    new Promise((resolve, reject) => {
      process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
    }),
  say: (line) => void process.stderr.write(`${line}\n`),
  ask: askTerminal,
  signal: abort.signal,
});
