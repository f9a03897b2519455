import { commands, isLedgerCode, type LedgerCode, type RejectionCode, rejections } from '@medseal/protocol';
import { SOLIDITY_HEAD } from './generated-files.ts';
import { pascalCase } from './names.ts';

/** All codes that a ledger says, in the order of their numbers. */
export const ledgerCodes: readonly LedgerCode[] = (Object.keys(rejections) as RejectionCode[]).filter(isLedgerCode);

/** One custom error for each ledger code, and the numbers that stand in the log for violations. */
export function generateErrors(): string {
  const errors = ledgerCodes.map((code) => `/// ${rejections[code].meaning}\nerror ${pascalCase(code)}();`);
  const logged = Object.values(commands).flatMap(({ rules }) =>
    rules.filter(([, outcome]) => outcome === 'violation').map(([code]) => code),
  );
  const numbers = ledgerCodes
    .filter((code) => logged.includes(code))
    .map((code) => `    uint8 internal constant ${code} = ${rejections[code].number};`);
  return `${SOLIDITY_HEAD}
${errors.join('\n')}

/// Code of an entry in the log: zero where the command was applied.
library Outcome {
    uint8 internal constant APPLIED = 0;
${numbers.join('\n')}
}
`;
}
