import type { ActorCommand, CommandDefinition } from '../command.ts';
import type { Hex } from '../encode/bytes.ts';
import type { Address } from '../encode/kinds.ts';
import { type Decision, decision, denied } from '../state/decision.ts';

export interface DenyAccess extends ActorCommand {
  readonly type: 'denyAccess';
  readonly patient: Address;
  readonly request: Hex;
}

interface State {
  readonly decision: Decision;
}

export const denyAccess: CommandDefinition<DenyAccess, State> = {
  name: 'denyAccess',
  code: 7,
  doc: 'A patient denies a request for ever. Needs no logged request, so it also cancels a grant that was signed but not sent.',
  signers: 'actor',
  allowsBanned: true,
  fields: {
    patient: { kind: 'participant', doc: 'who denies' },
    request: { kind: 'id', doc: 'the request denied' },
  },
  reads: (c) => ({ decision: decision.key(c.patient, c.request) }),
  rules: [
    ['NOT_OWNER', 'reject', ({ c }) => c.actor === c.patient],
    ['ALREADY_DECIDED', 'reject', ({ s }) => s.decision === undefined],
  ],
  effect: ({ c }) => [decision.put(c.patient, c.request, denied)],
  effectDoc: 'decision = denied, terminal',
  repeatsDoc: 'ALREADY_DECIDED',
};
