import { inspectFile } from '@medseal/core/format';
import type { CliIo } from '../cli-io.ts';
import type { Arguments } from '../read-arguments.ts';
import { readInput } from '../read-input.ts';

export async function inspectCommand({ input }: Arguments, io: CliIo): Promise<void> {
  const summary = await inspectFile(readInput(input, io));
  await io.writeOut(Buffer.from(`${JSON.stringify(summary, undefined, 2)}\n`));
}
