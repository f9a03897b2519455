import { parseArgs } from 'node:util';

export type LedgerKind = 'local' | 'memory' | 'ethereum' | 'fabric';
const ledgerKinds: readonly LedgerKind[] = ['local', 'memory', 'ethereum', 'fabric'];

const MEGABYTE = 1_000_000;

export interface Options {
  readonly ledger: LedgerKind;
  /** File of a configuration, in place of a ledger that the story starts. */
  readonly config: string | undefined;
  /** Bytes of the CT series. */
  readonly size: number;
  /** No colours, and durations and ids replaced by fixed words: two runs print the same. */
  readonly plain: boolean;
  readonly help: boolean;
}

export const help = `Usage: pnpm demo [--ledger local|memory|ethereum|fabric] [--size MB] [--plain]
       pnpm demo --config FILE [--size MB]

Two hospitals, three patients and one attacker: records are sealed, shared, misused and withdrawn, and every step
says what the ledger made of it. At the end a large image is damaged on the disk and heals.

  --ledger local      a durable ledger in one file (default); nothing to install
  --ledger memory     a ledger in this process
  --ledger ethereum   starts anvil, deploys the contract and runs the same story on it
  --ledger fabric     builds Fabric once (needs Go 1.24 or newer, about two minutes), starts a network of three
                      organisations and runs the same story on it
  --config FILE       opens the network of a configuration, such as examples/config/local.json, and leaves its data;
                      its authority must be that of the examples, and what it refers to must be there: the environment
                      variable MEDSEAL_KEY_STORE with a passphrase, for mirrored.json the mounts of its copies
  --size MB           size of the image; 256 by default
  --plain             no colours, no durations, no ids: the same text on every run and, but for the ledger's name and
                      the evidence that only the local ledger gives, on every ledger
  --help              this text
`;

/** @throws TypeError for an option or a ledger that does not exist. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ledger: { type: 'string' },
      config: { type: 'string' },
      size: { type: 'string', default: '256' },
      plain: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { ledger: name = 'local', config, plain } = values;
  const ledger = ledgerKinds.find((kind) => kind === name);
  if (ledger === undefined) throw new TypeError(`--ledger takes ${ledgerKinds.join(', ')}, not "${name}"`);
  if (config !== undefined && values.ledger !== undefined)
    throw new TypeError('--config says which ledger it is: leave --ledger out');
  const size = Number(values.size) * MEGABYTE;
  if (!(size >= MEGABYTE && size <= 4_000 * MEGABYTE)) throw new TypeError('--size takes megabytes from 1 to 4000');
  return { ledger, config, size, plain, help: values.help };
}
