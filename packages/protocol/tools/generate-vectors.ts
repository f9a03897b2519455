import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  authorityDigest,
  type Command,
  commands,
  decide,
  emptyLogDigest,
  encodeCommand,
  encodeEntry,
  encodeType,
  type EntryBody,
  ethereumDomain,
  extendLogDigest,
  fabricDomain,
  fromHex,
  type Genesis,
  type Hex,
  idOf,
  localDomain,
  recordId,
  type RecordParts,
  stateReads,
  toHex,
  typeHash,
} from '../src/index.ts';
import { commandCases, scenarios } from '../test/scenarios/index.ts';
import { type Scenario, type Stored, wordsOf } from '../test/scenarios/scenario.ts';
import { wireScenarios } from '../test/scenarios/signatures.ts';
import {
  alice,
  authority,
  bob,
  clinic,
  doctor,
  genesis,
  hashOf,
  officials,
  type Person,
  stranger,
} from '../test/world.ts';

/**
 * Makes `vectors/protocol`: commands, verdicts and hashes that another implementation can check itself against. They
 * are made once. A file that stands is never written again: what it says must hold for ever, and a new version of the
 * protocol adds files of its own.
 */
const FOLDER = join(import.meta.dirname, '../../../vectors/protocol');

const everybody: readonly Person[] = [alice, bob, doctor, clinic, stranger];

function signersOf(command: Command): readonly Person[] {
  const who = 'actor' in command ? command.actor : command.type === 'register' ? command.participant : undefined;
  const own = everybody.filter(({ address }) => address === who);
  return 'actor' in command ? own : [...officials.slice(0, authority.threshold), ...own];
}

function wireOf(command: Command): Uint8Array {
  const digest = fromHex(idOf(command, genesis.domain));
  return encodeCommand({ command, signatures: signersOf(command).map((signer) => signer.sign(digest)) });
}

const ledger = {
  ...genesis,
  secretKeys: Object.fromEntries([...everybody, ...officials].map((one) => [one.name, toHex(one.secretKey)])),
};

function commandVectors(): unknown {
  return {
    about: 'Each command with its EIP-712 type, its id on this ledger, and its bytes under the keys given.',
    ledger,
    commands: Object.values(commandCases).map(({ moment: { command } }) => ({
      type: encodeType(commands[command.type]),
      typeHash: toHex(typeHash(commands[command.type])),
      command,
      id: idOf(command, genesis.domain),
      signers: signersOf(command).map(({ name }) => name),
      wire: toHex(wireOf(command)),
    })),
  };
}

function signatureVectors(): unknown {
  return {
    about: 'Bytes that meet this ledger, and what it says of them before it looks at any state: an id, or a code.',
    ledger: genesis,
    cases: wireScenarios().map(({ name, wire, expected }) => ({
      name,
      wire: toHex(wire),
      ...(typeof expected === 'string' ? { code: expected } : { id: expected.id }),
    })),
  };
}

/** The words that the command reads, and no others. */
function wordsRead(command: Command, stored: Stored): Record<string, string> {
  const paths = stateReads({ id: '0x', command, definition: commands[command.type] }).map(({ path }) => path);
  return Object.fromEntries([...wordsOf(stored)].filter(([path]) => paths.includes(path)));
}

function decision({ name, stored, command, time, expected }: Scenario): unknown {
  const writes = expected.outcome === 'applied' ? { writes: Object.fromEntries(wordsOf(expected.writes)) } : {};
  const code = expected.outcome === 'applied' ? {} : { code: expected.code };
  return {
    name,
    state: wordsRead(command, stored),
    wire: toHex(wireOf(command)),
    time,
    outcome: expected.outcome,
    ...code,
    ...writes,
  };
}

function decisionVectors(): unknown {
  const seen = new Set<string>();
  const cases = scenarios.map(decision).filter((one) => {
    const { name: _, ...facts } = one as { readonly name: string };
    const key = JSON.stringify(facts);
    return seen.size < seen.add(key).size;
  });
  return {
    about:
      'A command meets a state at a time. State and writes are 32-byte words by path; what is not given is unwritten.',
    ledger: genesis,
    cases,
  };
}

function hashVectors(): unknown {
  const parts: RecordParts = {
    owner: alice.address,
    author: doctor.address,
    compartment: hashOf('compartment'),
    epoch: 7,
    level: 'private',
    payloadDigest: hashOf('payload'),
    salt: hashOf('salt'),
  };
  const ethereum = { chainId: 31_337n, contract: clinic.address, parentHash: hashOf('block') };
  const fabric = { channel: 'health', chaincode: 'medseal', genesisBlockHash: hashOf('block 0') };
  return {
    about: 'Hashes beside the commands: authority, domains, a record id.',
    authority: { ...authority, digest: authorityDigest(authority) },
    domains: {
      ethereum: { ...ethereum, chainId: 31_337, domain: ethereumDomain({ ...ethereum, authority }) },
      fabric: { ...fabric, domain: fabricDomain({ ...fabric, authority }) },
      local: { salt: hashOf('ledger'), domain: localDomain({ salt: hashOf('ledger'), authority }) },
    },
    record: { ...parts, id: recordId(parts) },
  };
}

/** A short history with a violation in it, and the digest of the log after each entry. */
function logVectors(): unknown {
  const state = new Map<string, string>(wordsOf(commandCases.useAccess.moment.stored));
  const history = [commandCases.useAccess, commandCases.revokeAccess, commandCases.useAccess];
  let digest = emptyLogDigest;
  const entries = history.map(({ moment: { command, time } }, index) => {
    const wire = wireOf(command);
    const at = time + index;
    const verdict = decide(wire, genesis satisfies Genesis, at, (key) => {
      const word = state.get(key.path);
      return word === undefined ? undefined : key.entity.decode(fromHex(word as Hex));
    });
    if (verdict.outcome === 'rejected') throw new Error(`The history does not run: ${verdict.code}`);
    if (verdict.outcome === 'applied')
      for (const { key, value } of verdict.writes) state.set(key.path, toHex(key.entity.encode(value)));
    const entry: EntryBody = { time: at, wire, violation: verdict.outcome === 'violation' ? verdict.code : undefined };
    digest = extendLogDigest(digest, entry);
    return { time: at, code: entry.violation ?? null, bytes: toHex(encodeEntry(entry)), digestAfter: toHex(digest) };
  });
  return { about: 'Entries of a log, their bytes, and the running digest after each.', ledger: genesis, entries };
}

const files: Readonly<Record<string, () => unknown>> = {
  'commands.json': commandVectors,
  'signatures.json': signatureVectors,
  'decisions.json': decisionVectors,
  'hashes.json': hashVectors,
  'log.json': logVectors,
};

mkdirSync(FOLDER, { recursive: true });
for (const [name, make] of Object.entries(files)) {
  const path = join(FOLDER, name);
  if (existsSync(path)) console.log(`${name} stands`);
  else writeFileSync(path, `${JSON.stringify(make(), null, 1)}\n`);
}
