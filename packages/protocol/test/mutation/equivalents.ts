/** A mutant that is no other program, and why. Lines are left out: they move. */
export interface Equivalent {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly reason: string;
  /** The exploration cannot ask this code: the reason alone must do. */
  readonly byReason?: true;
}

const guard = 'an earlier rule refuses the undefined; the check is there for the types';
const owner = 'patient and actor are one: else NOT_OWNER refuses, whatever was read';
const lastWidth = 'nothing is packed above this field, so more width moves nothing';
const order = 'a set has no order';
const noUnknownRole = 'roles of the state are known ones, so the fallback is never taken';

/** The mutants that nothing can kill. A new one fails the test until it is killed or explained here. */
export const equivalents: readonly Equivalent[] = [
  {
    file: 'commands/anchor-record.ts',
    before: "'provider', 'organisation', 'device'",
    after: "'organisation', 'provider', 'device'",
    reason: order,
  },
  {
    file: 'commands/anchor-record.ts',
    before: "'provider', 'organisation', 'device'",
    after: "'provider', 'device', 'organisation'",
    reason: order,
  },
  ...['commands/ban.ts', 'commands/reinstate.ts'].map((file) => ({
    file,
    before: 's.participant === undefined ? [] :',
    after: '[participant.put(',
    reason: guard,
  })),
  {
    file: 'commands/revoke-access.ts',
    before: 's.decision === undefined ? [] :',
    after: '[decision.put(',
    reason: guard,
  },
  ...['commands/deny-access.ts', 'commands/grant-access.ts', 'commands/revoke-access.ts'].map((file) => ({
    file,
    before: 'patient',
    after: 'actor',
    reason: owner,
  })),
  { file: 'commands/grant-access.ts', before: 's.grantee !== undefined && reaches(', after: 'reaches(', reason: guard },
  { file: 'commands/use-access.ts', before: 's.decision !== undefined && time <', after: 'time <', reason: guard },
  { file: 'commands/use-access.ts', before: 's.decision !== undefined && reaches(', after: 'reaches(', reason: guard },
  {
    file: 'commands/revoke-access.ts',
    before: "['NOT_OWNER', 'reject', ({ c }) => c.actor === c.patient], ['NO_GRANT',",
    after: "['NOT_OWNER', 'reject', ({ c }) => c.actor === c.patient], ['ALREADY_REVOKED',",
    reason: 'one fails on nothing or a denial, the other on a revocation: never both',
  },
  {
    file: 'machine.ts',
    before: "'actor' in command ? (read(",
    after: '(read(',
    reason: 'a command without actor reads nothing under no address, and no rule of it looks at an actor',
  },
  {
    file: 'machine.ts',
    before: "if (time >= command.validUntil) return 'COMMAND_EXPIRED';",
    after: 'if (command.validUntil > time + MAX_VALIDITY)',
    reason: 'validUntil cannot lie in the past and more than a day ahead',
  },
  {
    file: 'machine.ts',
    before: 'signer !== undefined && keys.includes(signer)',
    after: 'keys.includes(signer)',
    reason: 'the keys of an authority never hold undefined; the check is there for the types',
    byReason: true,
  },
  ...['state/decision.ts', 'state/participant.ts'].map((file) => ({
    file,
    before: '32',
    after: '(33)',
    reason: lastWidth,
  })),
  { file: 'state/person.ts', before: '8', after: '(9)', reason: lastWidth },
  {
    file: 'state/participant.ts',
    before: 'encodeRoles(p.roles) ?? 0',
    after: 'encodeRoles(p.roles)',
    reason: noUnknownRole,
  },
  ...['(1)', '(-1)'].map((after) => ({ file: 'state/participant.ts', before: '0', after, reason: noUnknownRole })),
];
