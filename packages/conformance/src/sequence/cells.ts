import { type CommandName, commands, type LedgerCode, type Verdict } from '@medseal/protocol';

/** One thing that a ledger can say of one command. The cells of all commands are what a test of a ledger must reach. */
export interface Cell {
  /** `unknown`: the type byte names no command. */
  readonly command: CommandName | 'unknown';
  readonly outcome: Verdict['outcome'];
  /** Absent where the command is applied. */
  readonly code?: LedgerCode;
}

const commonCodes: readonly LedgerCode[] = ['MALFORMED', 'BAD_SIGNATURE', 'COMMAND_EXPIRED', 'VALIDITY_TOO_LONG'];

function cellsOf(command: CommandName): readonly Cell[] {
  const { rules, signers, allowsBanned } = commands[command];
  const codes = [...commonCodes];
  if (signers === 'actor') codes.push('NOT_REGISTERED');
  if (signers === 'actor' && allowsBanned !== true) codes.push('BANNED');
  return [
    { command, outcome: 'applied' },
    ...codes.map((code): Cell => ({ command, outcome: 'rejected', code })),
    ...rules.map(([code, outcome]): Cell => ({ command, outcome: outcome === 'reject' ? 'rejected' : outcome, code })),
  ];
}

/** Every cell of this protocol version, from the definitions of the commands. */
export const cells: readonly Cell[] = [
  ...(Object.keys(commands) as CommandName[]).flatMap(cellsOf),
  { command: 'unknown', outcome: 'rejected', code: 'MALFORMED' },
];

/** Name of a cell, e.g. `useAccess violation GRANT_EXPIRED`. */
export function cellName({ command, outcome, code }: Cell): string {
  return code === undefined ? `${command} ${outcome}` : `${command} ${outcome} ${code}`;
}

/**
 * Cells that no history leads to: no command changes a clearance. The exhaustive exploration in
 * `packages/protocol/test/exploration` proves it.
 */
export const unreachableCells: readonly string[] = ['useAccess violation CLEARANCE_TOO_LOW'];

export const reachableCells: readonly Cell[] = cells.filter((cell) => !unreachableCells.includes(cellName(cell)));

const ofLists = ['anchorRecord', 'grantAccess', 'useAccess', 'revokeAccess', 'eraseRecord', 'supersedeRecord'];

/** The life of a grant of listed records: made, used, revoked, and its compartments renewed. */
export const recordListCells: readonly Cell[] = reachableCells.filter(
  ({ command, outcome }) => outcome === 'applied' && ofLists.includes(command),
);

const nameByCode: ReadonlyMap<number, CommandName> = new Map(
  (Object.keys(commands) as CommandName[]).map((name) => [commands[name].code, name]),
);

/** The command that the type byte of `wire` names. */
export function commandNameOf(wire: Uint8Array): CommandName | 'unknown' {
  return nameByCode.get(wire[0] ?? 0) ?? 'unknown';
}

/** The cell that a verdict over these bytes falls into. */
export function cellOf(wire: Uint8Array, verdict: Verdict): Cell {
  const command = commandNameOf(wire);
  return verdict.outcome === 'applied'
    ? { command, outcome: 'applied' }
    : { command, outcome: verdict.outcome, code: verdict.code };
}
