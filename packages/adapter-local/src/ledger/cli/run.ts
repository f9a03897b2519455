import type { LedgerCliIo } from './cli-io.ts';
import { runCommand } from './commands.ts';
import { exitCodes, explain } from './exit-codes.ts';
import { help } from './help.ts';
import { readArguments } from './read-arguments.ts';

/** Runs the program `medseal-ledger` with these arguments. Resolves with its exit code, and never rejects. */
export async function run(args: readonly string[], io: LedgerCliIo): Promise<number> {
  try {
    const read = readArguments(args);
    if (read.help) io.write(`${help}\n`);
    else await runCommand(read, io);
    return exitCodes.done;
  } catch (error) {
    const { code, line } = explain(error, io.signal);
    io.say(`medseal-ledger: ${line}`);
    return code;
  }
}
