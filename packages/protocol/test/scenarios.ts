import {
  type commands,
  type decide,
  type Decision,
  type decision,
  fromHex,
  type Hex,
  idOf,
  type judge,
  type LedgerCode,
  type Participant,
  type participant,
  type person,
  type ReadState,
  roles,
  type stateReads,
  toHex,
  type verifyCommand,
  type VerifyOptions,
} from '../src/index.ts';
import { commandCases, scenarios } from './scenarios/index.ts';
import { wordsOf } from './scenarios/scenario.ts';
import { wireScenarios } from './scenarios/signatures.ts';
import { denyAccessCase } from './scenarios/decisions.ts';
import { alice, foreignGenesis, genesis, hashOf } from './world.ts';

/** What the table looks at. A mutated copy of the package has the same shape. */
export interface Protocol {
  readonly commands: typeof commands;
  readonly judge: typeof judge;
  readonly stateReads: typeof stateReads;
  readonly verifyCommand: typeof verifyCommand;
  readonly decide: typeof decide;
  readonly participant: typeof participant;
  readonly person: typeof person;
  readonly decision: typeof decision;
}

export interface Failure {
  readonly name: string;
  readonly expected: string;
  readonly got: string;
}

function attempt(act: () => unknown): string {
  try {
    return JSON.stringify(act());
  } catch (error) {
    return `throws ${String(error)}`;
  }
}

/** A ledger's store: words by path, read with the codec of the module under test. */
function reader(words: ReadonlyMap<string, string>): ReadState {
  return (key) => {
    const word = words.get(key.path);
    return word === undefined ? undefined : key.entity.decode(fromHex(word as Hex));
  };
}

type Check = readonly [name: string, expected: unknown, got: () => unknown];

function* judgeChecks(protocol: Protocol): Iterable<Check> {
  for (const { name, stored, command, time, expected } of scenarios) {
    const read = reader(wordsOf(stored));
    const wanted =
      expected.outcome === 'applied' ? { outcome: 'applied', writes: [...wordsOf(expected.writes)] } : expected;
    yield [
      name,
      wanted,
      () => {
        const verdict = protocol.judge({ command, definition: protocol.commands[command.type] }, time, read);
        if (verdict.outcome !== 'applied') return verdict;
        const writes = verdict.writes.map(({ key, value }) => [key.path, toHex(key.entity.encode(value))]);
        return { outcome: 'applied', writes };
      },
    ];
  }
}

function* readChecks(protocol: Protocol): Iterable<Check> {
  const paths: Readonly<Record<string, readonly string[]>> = {
    register: ['participant/participant', 'person/person', 'participant/organisation'],
    ban: ['participant/participant'],
    reinstate: ['participant/participant'],
    anchorRecord: ['participant/actor', 'participant/owner'],
    requestAccess: ['participant/actor', 'participant/patient'],
    grantAccess: ['participant/actor', 'participant/grantee', 'decision/patient/request'],
    denyAccess: ['participant/actor', 'decision/patient/request'],
    revokeAccess: ['participant/actor', 'decision/patient/grant'],
    useAccess: ['participant/actor', 'participant/patient', 'decision/patient/grant'],
    reportViolation: ['participant/actor', 'participant/subject'],
    rotateKeys: ['participant/actor'],
    supersedeRecord: ['participant/actor'],
    eraseRecord: ['participant/actor'],
  };
  for (const [name, { moment }] of Object.entries(commandCases)) {
    const { command } = moment;
    const fields = command as unknown as Readonly<Record<string, string>>;
    const expected = paths[name]?.map((path) => {
      const [entity, ...parts] = path.split('/');
      return [entity, ...parts.map((part) => fields[part])].join('/');
    });
    const verified = { id: hashOf('id'), command, definition: protocol.commands[command.type] };
    yield [`${name}: reads`, expected, () => protocol.stateReads(verified).map(({ path }) => path)];
  }
}

/** Words that no ledger should hold: read as what gives least power. */
function* codecChecks(protocol: Protocol): Iterable<Check> {
  const zero = { organisation: `0x${'00'.repeat(20)}`, version: 0, keyVersion: 0 } as const;
  const banned: Participant = { status: 'banned', roles: [], clearance: 'low', ...zero };
  const revoked: Decision = { status: 'revoked', grantee: zero.organisation, level: 'low', until: 0, keyVersion: 0 };
  for (const status of [0, 4, 255]) {
    const word = new Uint8Array(32);
    word[31] = status;
    yield [
      `participant word of status ${status}`,
      banned,
      () => protocol.participant.key(alice.address).entity.decode(word),
    ];
    yield [
      `decision word of status ${status}`,
      revoked,
      () => protocol.decision.key(alice.address, hashOf('r')).entity.decode(word),
    ];
  }
  // All bits set: what lies beyond the last field is no part of it.
  const full = new Uint8Array(32).fill(255);
  const [address, keyVersion] = [`0x${'ff'.repeat(20)}`, 2 ** 32 - 1];
  yield [
    'decision word of all ones',
    { ...revoked, grantee: address, until: 2 ** 40 - 1, keyVersion },
    () => protocol.decision.key(alice.address, hashOf('r')).entity.decode(full),
  ];
  yield [
    'participant word of all ones',
    { ...banned, roles, organisation: address, version: 2 ** 32 - 1, keyVersion },
    () => protocol.participant.key(alice.address).entity.decode(full),
  ];
  const ones = (bytes: number): string => 'ff'.repeat(bytes);
  const greatest = { ...revoked, grantee: address, level: 'private', until: 2 ** 40 - 1, keyVersion } as Decision;
  yield [
    'decision of the greatest numbers',
    `0x00${ones(4)}${ones(5)}03${ones(20)}03`,
    () => toHex(protocol.decision.key(alice.address, hashOf('r')).entity.encode(greatest)),
  ];
  const eldest = { ...banned, roles, clearance: 'private', organisation: address } as Participant;
  yield [
    'participant of the greatest numbers',
    `0x${ones(4)}${ones(4)}${ones(20)}0301ff02`,
    () => toHex(protocol.participant.key(alice.address).entity.encode({ ...eldest, version: keyVersion, keyVersion })),
  ];
  const { key, value } = protocol.person.put(hashOf('p'));
  const one = `0x${'01'.padStart(64, '0')}`;
  yield [
    'person word',
    [one, { taken: true }, { taken: true }],
    () => [toHex(key.entity.encode(value)), value, key.entity.decode(fromHex(one as Hex))],
  ];
  const { name } = protocol.participant.key(alice.address).entity;
  const names = [name, key.entity.name, protocol.decision.key(alice.address, hashOf('r')).entity.name];
  yield ['names of entities', ['participant', 'person', 'decision'], () => names];
}

function answerTo(
  { verifyCommand: verify, commands: all }: Protocol,
  wire: Uint8Array,
  options?: VerifyOptions,
): unknown {
  const verification = verify(wire, genesis, options);
  if ('outcome' in verification) return verification;
  const { id, command, definition } = verification;
  return definition === all[command.type] ? { id, command } : { id, command, definition: 'another' };
}

/** What is said where signatures are taken for good: everything but them is checked. */
const assumed: Readonly<Record<string, LedgerCode | undefined>> = {
  'actor: signed as it should be': undefined,
  'actor: of another': undefined,
  'actor: none': 'BAD_SIGNATURE',
  'actor: twice': 'BAD_SIGNATURE',
  'actor: empty': 'MALFORMED',
};

function* assumedChecks(protocol: Protocol): Iterable<Check> {
  const command = denyAccessCase.moment.command;
  for (const { name, wire } of wireScenarios().filter((one) => one.name in assumed)) {
    const code = assumed[name];
    const expected =
      code === undefined ? { id: idOf(command, genesis.domain), command } : { outcome: 'rejected', code };
    yield [`assumed, ${name}`, expected, () => answerTo(protocol, wire, { signatures: 'assume' })];
  }
}

function* wireChecks(protocol: Protocol): Iterable<Check> {
  for (const { name, wire, expected } of wireScenarios()) {
    const wanted = typeof expected === 'string' ? { outcome: 'rejected', code: expected } : expected;
    yield [name, wanted, () => answerTo(protocol, wire)];
  }
  yield* assumedChecks(protocol);
  const [good] = wireScenarios();
  if (good === undefined || typeof good.expected === 'string') throw new Error('the first wire is good');
  const { time, stored } = denyAccessCase.moment;
  const read = reader(wordsOf(stored));
  const decided = (at: number, where = genesis): unknown => {
    const { outcome, id, command, ...rest } = protocol.decide(good.wire, where, at, read);
    return {
      outcome,
      id,
      command,
      code: 'code' in rest ? rest.code : undefined,
      writes: 'writes' in rest ? rest.writes.length : 0,
    };
  };
  yield ['decide: applied', { outcome: 'applied', ...good.expected, writes: 1 }, () => decided(time)];
  const late = time + 600;
  yield [
    'decide: late',
    { outcome: 'rejected', ...good.expected, code: 'COMMAND_EXPIRED', writes: 0 },
    () => decided(late),
  ];
  yield [
    'decide: foreign',
    { outcome: 'rejected', code: 'BAD_SIGNATURE', writes: 0 },
    () => decided(time, foreignGenesis),
  ];
}

function* run(checks: Iterable<Check>): Iterable<Failure> {
  for (const [name, expected, got] of checks) {
    const [wanted, was] = [JSON.stringify(expected), attempt(got)];
    if (wanted !== was) yield { name, expected: wanted, got: was };
  }
}

/** Runs the table against a module, cheap checks first: all failures, or the first where one is enough. */
export function runScenarios(protocol: Protocol, options: { readonly firstOnly?: boolean } = {}): readonly Failure[] {
  const failures: Failure[] = [];
  for (const group of [judgeChecks, readChecks, codecChecks, wireChecks]) {
    for (const failure of run(group(protocol))) {
      failures.push(failure);
      if (options.firstOnly === true) return failures;
    }
  }
  return failures;
}

/** How many checks the table makes. */
export function countScenarios(protocol: Protocol): number {
  return [judgeChecks, readChecks, codecChecks, wireChecks].reduce(
    (sum, group) => sum + [...group(protocol)].length,
    0,
  );
}
