import { readFile } from 'node:fs/promises';
import type { CliIo } from './cli-io.ts';
import { UsageError } from './exit-codes.ts';
import type { Arguments } from './read-arguments.ts';

/**
 * The passphrase: first line of a file, else the environment, else asked for.
 *
 * @param twice ask again, so that a slip of the finger does not lock a file for ever
 * @throws UsageError when there is none
 */
export async function readPassphrase(
  { passphraseFile }: Pick<Arguments, 'passphraseFile'>,
  io: Pick<CliIo, 'env' | 'ask'>,
  { twice }: { readonly twice: boolean },
): Promise<string> {
  if (passphraseFile !== undefined) return requireSome((await readFile(passphraseFile, 'utf8')).split(/\r?\n/)[0]);
  const { MEDSEAL_PASSPHRASE: fromEnvironment } = io.env;
  if (fromEnvironment !== undefined) return requireSome(fromEnvironment);
  const passphrase = await io.ask('Passphrase: ');
  if (passphrase === undefined) throw new UsageError('no terminal to ask for the passphrase');
  if (twice && (await io.ask('Again: ')) !== passphrase) throw new UsageError('the passphrases differ');
  return requireSome(passphrase);
}

function requireSome(passphrase: string | undefined): string {
  if (passphrase === undefined || passphrase === '') throw new UsageError('the passphrase is empty');
  if (!passphrase.isWellFormed()) throw new UsageError('the passphrase is not well-formed Unicode');
  return passphrase;
}
