import type { CommandName } from '../../src/index.ts';
import { anchorRecordCase } from './anchor-record.ts';
import { denyAccessCase, grantAccessCase, revokeAccessCase } from './decisions.ts';
import { eraseRecordCase, supersedeRecordCase } from './own-records.ts';
import { registerCase } from './register.ts';
import { reportViolationCase } from './report-violation.ts';
import { requestAccessCase } from './request-access.ts';
import { rotateKeysCase } from './rotate-keys.ts';
import { type CommandCase, type Fault, type Moment, type Scenario, withFields } from './scenario.ts';
import { banCase, reinstateCase } from './standing.ts';
import { useAccessCase } from './use-access.ts';

export const commandCases: Readonly<Record<CommandName, CommandCase>> = {
  register: registerCase,
  ban: banCase,
  reinstate: reinstateCase,
  anchorRecord: anchorRecordCase,
  requestAccess: requestAccessCase,
  grantAccess: grantAccessCase,
  denyAccess: denyAccessCase,
  revokeAccess: revokeAccessCase,
  useAccess: useAccessCase,
  reportViolation: reportViolationCase,
  rotateKeys: rotateKeysCase,
  supersedeRecord: supersedeRecordCase,
  eraseRecord: eraseRecordCase,
};

function refused(moment: Moment, [code, outcome, spoil]: Fault): Scenario {
  return { name: code, ...spoil(moment), expected: { outcome, code } };
}

/** Each pair of faults at once: the earlier check must name the code. */
function pairs(moment: Moment, faults: readonly Fault[]): readonly Scenario[] {
  return faults.flatMap((first, index) =>
    faults.slice(index + 1).map((second) => ({
      ...refused(second[2](moment), first),
      name: `${first[0]} before ${second[0]}`,
    })),
  );
}

function scenariosOf(name: string, { moment, writes, faults, more }: CommandCase): readonly Scenario[] {
  const applied = { outcome: 'applied', writes } as const;
  const { time } = moment;
  const all: readonly Scenario[] = [
    { name: 'applied', ...moment, expected: applied },
    { name: 'in the last second of validity', ...withFields(moment, { validUntil: time + 1 }), expected: applied },
    { name: 'valid for exactly a day', ...withFields(moment, { validUntil: time + 86_400 }), expected: applied },
    {
      name: 'a second after validUntil',
      ...withFields(moment, { validUntil: time - 1 }),
      expected: { outcome: 'rejected', code: 'COMMAND_EXPIRED' },
    },
    ...faults.map((fault) => refused(moment, fault)),
    ...pairs(moment, faults),
    ...more,
  ];
  return all.map((scenario) => ({ ...scenario, name: `${name}: ${scenario.name}` }));
}

/** Every directed case of every command. */
export const scenarios: readonly Scenario[] = Object.entries(commandCases).flatMap(([name, one]) =>
  scenariosOf(name, one),
);
