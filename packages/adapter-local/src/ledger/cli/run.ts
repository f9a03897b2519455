import type { LedgerCliIo } from './cli-io.ts';
import { ledgerCommands } from './commands.ts';
import { exitCodes, explain, UsageError } from './exit-codes.ts';
import { help } from './help.ts';
import { readArguments } from './read-arguments.ts';

/** Runs the program `medseal-ledger` with these arguments. Resolves with its exit code, and never rejects. */
export async function run(args: readonly string[], io: LedgerCliIo): Promise<number> {
  try {
    const read = readArguments(args);
    if (read.help) io.write(`${help}\n`);
    else {
      const command = ledgerCommands.get(read.command ?? '');
      if (command === undefined) throw new UsageError(read.command === undefined ? 'no command' : 'unknown command');
      await command(read, io);
    }
    return exitCodes.done;
  } catch (error) {
    const { code, line } = explain(error, io.signal);
    io.say(`medseal-ledger: ${line}`);
    return code;
  }
}
