import type { Command } from './commands/index.ts';
import { commands } from './commands/index.ts';
import type { CommandId } from './command.ts';
import type { Domain } from './encode/domain.ts';
import { commandId } from './encode/eip712.ts';
import { fromHex } from './encode/bytes.ts';
import type { CommandSigner } from './encode/signature.ts';
import { encodeCommand, encodeWords } from './encode/wire.ts';

/**
 * Id of a command on the ledger with this domain.
 *
 * @throws MalformedCommandError naming the field that is missing or out of range.
 */
export function idOf(command: Command, domain: Domain): CommandId {
  const words = encodeWords(command);
  return commandId(commands[command.type], words, domain);
}

/**
 * Signs a command and gives its wire bytes. Signers sign in the given order: authority keys ascending by address, for
 * `register` the participant last.
 *
 * @throws MalformedCommandError naming the field that is missing or out of range.
 */
export async function signCommand(
  command: Command,
  domain: Domain,
  ...signers: readonly CommandSigner[]
): Promise<Uint8Array> {
  const digest = fromHex(idOf(command, domain));
  const signatures = await Promise.all(signers.map((signer) => signer.sign(digest)));
  return encodeCommand({ command, signatures });
}
