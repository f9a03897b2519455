import { readFile } from 'node:fs/promises';
import { type FileKey, openFile, passphraseIdentity, x25519Identity } from '@medseal/core/format';
import type { CliIo } from '../cli-io.ts';
import { UsageError } from '../exit-codes.ts';
import { parseHex, parseKeyFile } from '../key-text.ts';
import type { Arguments } from '../read-arguments.ts';
import { readInput } from '../read-input.ts';
import { readPassphrase } from '../read-passphrase.ts';
import { writeOutput } from '../write-output.ts';

export async function openCommand(args: Arguments, io: CliIo): Promise<void> {
  const { input, output: path, force } = args;
  const key = await readKey(args, io);
  const { content } = await openFile({ file: readInput(input, io), key, signal: io.signal });
  await writeOutput({ path, force }, content, io);
}

async function readKey(args: Arguments, io: CliIo): Promise<FileKey> {
  const locked = args.passphrase || args.passphraseFile !== undefined;
  const given = [locked, args.key !== undefined, args.dataKey !== undefined].filter(Boolean);
  if (given.length !== 1) throw new UsageError('open with one of a key file, a passphrase, a data key');
  if (args.key !== undefined) return x25519Identity(parseKeyFile(await readFile(args.key, 'utf8')));
  if (args.dataKey !== undefined) return { dataKey: parseHex(await readFile(args.dataKey, 'utf8'), 'the data key') };
  return passphraseIdentity(await readPassphrase(args, io, { twice: false }));
}
