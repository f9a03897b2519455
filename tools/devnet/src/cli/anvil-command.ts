import { startAnvil } from '../anvil.ts';
import { print } from './print.ts';

/** Runs anvil in the foreground until Ctrl-C. */
export async function anvilCommand(port: number): Promise<void> {
  const anvil = await startAnvil({ port });
  print(`anvil at ${anvil.url}, chain id ${anvil.chainId}`);
  print(`Accounts from the mnemonic: ${anvil.mnemonic}`);
  print('Stop it with Ctrl-C.');
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await anvil.stop();
}
