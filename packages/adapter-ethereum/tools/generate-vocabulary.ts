import { levels, MAX_VALIDITY, PROTOCOL_VERSION, roles } from '@medseal/protocol';
import { SOLIDITY_HEAD } from './generated-files.ts';
import { constantCase } from './names.ts';

/** Roles, levels and limits as Solidity constants. */
export function generateVocabulary(): string {
  const bits = roles.map((role, bit) => `    uint16 internal constant ${constantCase(role)} = ${2 ** bit};`);
  const steps = levels.map((level, index) => `    uint8 internal constant ${constantCase(level)} = ${index + 1};`);
  return `${SOLIDITY_HEAD}
uint256 constant PROTOCOL_VERSION = ${PROTOCOL_VERSION};

// Longest time, in seconds, that a signed command may stay valid.
uint256 constant MAX_VALIDITY = ${MAX_VALIDITY};

/// Roles are a set: one bit each.
library Role {
${bits.join('\n')}
}

/// Sensitivity of data and clearance of people, ascending.
library Level {
${steps.join('\n')}
}
`;
}
