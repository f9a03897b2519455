import { type FileRecipient, passphraseRecipient, sealFile, x25519Recipient } from '@medseal/core/format';
import type { CliIo } from '../cli-io.ts';
import { UsageError } from '../exit-codes.ts';
import { parsePublicKey } from '../key-text.ts';
import type { Arguments } from '../read-arguments.ts';
import { readInput } from '../read-input.ts';
import { readPassphrase } from '../read-passphrase.ts';
import { writeOutput } from '../write-output.ts';

export async function sealCommand(args: Arguments, io: CliIo): Promise<void> {
  const { input, output: path, force, type: mediaType } = args;
  const measuredAt = readTime(args.time);
  const recipients = await readRecipients(args, io);
  const content = readInput(input, io);
  const sealed = sealFile({ content, recipients, mediaType, measuredAt, signal: io.signal });
  await writeOutput({ path, force }, sealed, io);
}

async function readRecipients(args: Arguments, io: CliIo): Promise<readonly FileRecipient[]> {
  const locked = args.passphrase || args.passphraseFile !== undefined;
  if (args.key !== undefined || args.dataKey !== undefined) throw new UsageError('a secret key is for opening');
  if (locked === args.recipients.length > 0) throw new UsageError('seal to public keys, or under a passphrase');
  if (locked) return [passphraseRecipient(await readPassphrase(args, io, { twice: true }))];
  if (args.recipients.length > 16) throw new UsageError('more than 16 recipients');
  return args.recipients.map((text) => x25519Recipient(parsePublicKey(text)));
}

/** Seconds since 1970. */
function readTime(text: string | undefined): number {
  const time = text === undefined ? Date.now() : Date.parse(text);
  if (!(time >= 0)) throw new UsageError('the time must be like 2026-01-31T12:00:00Z');
  return Math.floor(time / 1000);
}
