import { parseArgs } from 'node:util';

export type LedgerKind = 'memory' | 'ethereum' | 'fabric';
const ledgerKinds: readonly LedgerKind[] = ['memory', 'ethereum', 'fabric'];

export interface Options {
  readonly ledger: LedgerKind;
  /** No colours, and durations and ids replaced by fixed words: two runs print the same. */
  readonly plain: boolean;
  readonly help: boolean;
}

export const help = `Usage: pnpm demo [--ledger memory|ethereum|fabric] [--plain]

Two hospitals, three patients and one attacker: records are sealed, shared, misused and withdrawn, and every step
says what the ledger made of it.

  --ledger memory     a ledger in this process (default); nothing to install
  --ledger ethereum   starts anvil, deploys the contract and runs the same story on it
  --ledger fabric     builds Fabric once (needs Go 1.24 or newer, about two minutes), starts a network of three
                      organisations and runs the same story on it
  --plain             no colours, no durations, no ids: the same text on every run and, but for the ledger's name,
                      on every ledger
  --help              this text
`;

/** @throws TypeError for an option or a ledger that does not exist. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ledger: { type: 'string', default: 'memory' },
      plain: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const ledger = ledgerKinds.find((kind) => kind === values.ledger);
  if (ledger === undefined) throw new TypeError(`--ledger takes ${ledgerKinds.join(', ')}, not "${values.ledger}"`);
  return { ledger, plain: values.plain, help: values.help };
}
