import { parseArgs } from 'node:util';
import { anvilCommand } from './cli/anvil-command.ts';
import { buildCommand, downCommand, statusCommand, upCommand } from './cli/fabric-commands.ts';
import { messageOf, print } from './cli/print.ts';

const HELP = `Real ledgers on this machine, for development. Everything listens on 127.0.0.1.

  pnpm fabric up [--chaincode name=path]...   start a Fabric network (3 organisations, 1 orderer) in the background
  pnpm fabric status                          what is running, and how to connect
  pnpm fabric down                            stop it and remove its data
  pnpm fabric build                           only compile the Fabric programs (needs Go; minutes, once)
  pnpm anvil [--port 8545]                    run an Ethereum development chain until Ctrl-C

A chaincode is a .ts or .js file that starts a fabric-shim server at CHAINCODE_SERVER_ADDRESS.`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      chaincode: { type: 'string', multiple: true },
      port: { type: 'string' },
    },
  });
  const command = positionals.join(' ');
  if (values.help === true) {
    print(HELP);
    return;
  }
  switch (command) {
    case 'fabric up':
      return upCommand(values.chaincode ?? []);
    case 'fabric status':
      return statusCommand();
    case 'fabric down':
      return downCommand();
    case 'fabric build':
      return buildCommand();
    case 'anvil':
      return anvilCommand(Number(values.port ?? 8545));
    default:
      print(HELP);
      process.exitCode = 2;
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
