import type { CliIo } from './cli-io.ts';
import { inspectCommand } from './commands/inspect-command.ts';
import { keygenCommand } from './commands/keygen-command.ts';
import { openCommand } from './commands/open-command.ts';
import { sealCommand } from './commands/seal-command.ts';
import { exitCodes, explain, UsageError } from './exit-codes.ts';
import { help } from './help.ts';
import { type Arguments, readArguments } from './read-arguments.ts';

export type { CliIo } from './cli-io.ts';
export { exitCodes } from './exit-codes.ts';

/** Runs the program `medseal` with these arguments. Resolves with its exit code, and never rejects. */
export async function run(args: readonly string[], io: CliIo): Promise<number> {
  try {
    const read = readArguments(args);
    if (read.help) await io.writeOut(Buffer.from(`${help}\n`));
    else await commandOf(read)(read, io);
    return exitCodes.done;
  } catch (error) {
    const { code, line } = explain(error, io.signal);
    io.say(`medseal: ${line}`);
    return code;
  }
}

const commands: ReadonlyMap<string, (args: Arguments, io: CliIo) => Promise<void>> = new Map([
  ['seal', sealCommand],
  ['open', openCommand],
  ['inspect', inspectCommand],
  ['keygen', keygenCommand],
]);

function commandOf({ command }: Arguments): (args: Arguments, io: CliIo) => Promise<void> {
  const found = commands.get(command ?? '');
  if (found === undefined) throw new UsageError(command === undefined ? 'no command' : 'unknown command');
  return found;
}
