import type { ActorCommand, CommandDefinition } from '../command.ts';
import type { Hex } from '../encode/bytes.ts';
import type { Address } from '../encode/kinds.ts';
import { type Decision, decision } from '../state/decision.ts';

export interface RevokeAccess extends ActorCommand {
  readonly type: 'revokeAccess';
  readonly patient: Address;
  readonly grant: Hex;
}

interface State {
  readonly decision: Decision;
}

export const revokeAccess: CommandDefinition<RevokeAccess, State> = {
  name: 'revokeAccess',
  code: 8,
  doc: 'A patient withdraws a grant for ever. Holders honour a signed revocation also after validUntil and by any route.',
  signers: 'actor',
  allowsBanned: true,
  fields: {
    patient: { kind: 'participant', doc: 'who withdraws' },
    grant: { kind: 'id', doc: 'number of the grant' },
  },
  reads: (c) => ({ decision: decision.key(c.patient, c.grant) }),
  rules: [
    ['NOT_OWNER', 'reject', ({ c }) => c.actor === c.patient],
    ['NO_GRANT', 'reject', ({ s }) => s.decision !== undefined && s.decision.status !== 'denied'],
    ['ALREADY_REVOKED', 'reject', ({ s }) => s.decision?.status !== 'revoked'],
  ],
  effect: ({ c, s }) =>
    s.decision === undefined ? [] : [decision.put(c.patient, c.grant, { ...s.decision, status: 'revoked' })],
  effectDoc: 'decision = revoked, terminal',
  repeatsDoc: 'ALREADY_REVOKED',
};
