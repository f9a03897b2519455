#!/usr/bin/env node
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => abort.abort(new Error(`stopped by ${signal}`)));

// Whoever reads us may stop; a disk that is full must not pass for success.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write('medseal-ledger: the output can not be written\n');
  process.exitCode = exitCodes.failed;
});
// What was done is done, whether or not somebody hears of it.
process.stderr.on('error', () => {});

const code = await run(process.argv.slice(2), {
  write: (text) => void process.stdout.write(text),
  say: (line) => void process.stderr.write(`${line}\n`),
  progress: (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${text}\r`);
  },
  signal: abort.signal,
});
process.exitCode ||= code;
