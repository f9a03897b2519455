import { generateX25519Secret, x25519PublicKey } from '@medseal/core/format';
import type { CliIo } from '../cli-io.ts';
import { UsageError } from '../exit-codes.ts';
import { keyFileText, publicKeyText } from '../key-text.ts';
import type { Arguments } from '../read-arguments.ts';
import { writeOutput } from '../write-output.ts';

/** The secret goes to a file, never to the terminal. */
export async function keygenCommand({ output: path, force }: Arguments, io: CliIo): Promise<void> {
  if (path === undefined) throw new UsageError('keygen needs -o, a file for the secret key');
  const secret = generateX25519Secret();
  const publicKey = x25519PublicKey(secret);
  async function* text(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(keyFileText(publicKey, secret));
  }
  await writeOutput({ path, force }, text(), io);
  secret.fill(0);
  await io.writeOut(Buffer.from(`${publicKeyText(publicKey)}\n`));
}
