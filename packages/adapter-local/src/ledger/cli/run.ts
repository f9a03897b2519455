import { ledgerCommands } from './commands.ts';
import { exitCodes, explain, UsageError } from './exit-codes.ts';
import { help } from './help.ts';
import { readArguments } from './read-arguments.ts';

/** What the program sees of the world. */
export interface LedgerCliIo {
  /** To standard output. */
  write(text: string): void;
  /** One line for the person at the terminal. */
  say(line: string): void;
  /** How far it is, in place of what was said so last. */
  progress(text: string): void;
  readonly signal: AbortSignal;
}

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
