import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DevnetError } from '../devnet-error.ts';

const run = promisify(execFile);

/** Runs one of the Fabric programs to its end. The error carries what it wrote. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  try {
    await run(program, args, options);
  } catch (cause) {
    options.signal?.throwIfAborted();
    const output = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trimEnd() : '';
    throw new DevnetError('process-exited', `${program} failed:\n${output}`, { cause });
  }
}
