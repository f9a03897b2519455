/**
 * What one command costs in processor time on the thread that deals with it, by its parts: a request, the grant that
 * answers it and two uses in turn. Medians of interleaved rounds, so that other work on the machine disturbs all alike.
 *
 *   node --conditions=@medseal/source bench/command-cost.ts [rounds, default 25]
 */
import { nativeRecovery, wasmKeccak } from '@medseal/adapter-local';
import {
  commandId,
  type Decision,
  decision,
  decodeCommand,
  decodeEntry,
  encodeEntry,
  fromHex,
  type Genesis,
  judge,
  localDomain,
  recoverSigner,
  type StateValue,
  toHex,
  type VerifiedCommand,
  verifyCommand,
  type VerifyOptions,
} from '@medseal/protocol';
import { authority, command, registrations } from './local-commands.ts';

const COMMANDS = 800;
const time = 1_800_000_000;
const domain = localDomain({ salt: toHex(new Uint8Array(32)), authority });
const genesis: Genesis = { protocolVersion: 1, domain, authority };
const state = new Map<string, StateValue>();
const read: Parameters<typeof judge>[2] = ({ path }) => state.get(path);

function verify(wire: Uint8Array, options: VerifyOptions): VerifiedCommand {
  const verified = verifyCommand(wire, genesis, options);
  if ('outcome' in verified) throw new Error('A command that was made here is refused');
  return verified;
}

for (const wire of await registrations(domain, time)) {
  const verdict = judge(verify(wire, {}), time, read);
  if (verdict.outcome === 'applied') for (const { key, value } of verdict.writes) state.set(key.path, value);
}
const recover = (await nativeRecovery()) ?? recoverSigner;
const keccak256 = await wasmKeccak();

interface Sample {
  readonly wire: Uint8Array;
  readonly verified: VerifiedCommand;
  readonly words: Uint8Array;
  readonly entry: Uint8Array;
  readonly digest: Uint8Array;
}
const samples: Sample[] = [];
for (let n = 0; n < COMMANDS; n++) {
  const wire = await command(n, domain, time);
  const verified = verify(wire, { recover, keccak256 });
  const { words } = decodeCommand(wire);
  samples.push({ wire, verified, words, entry: encodeEntry({ time, wire }), digest: fromHex(verified.id) });
}

const [patient = '0x'] = authority.keys;
const given: Decision = { status: 'granted', grantee: patient, level: 'low', until: time, keyVersion: 1 };
const { entity } = decision.key(patient, domain);
const word = entity.encode(given);

const parts: Readonly<Record<string, (sample: Sample) => unknown>> = {
  decodeCommand: ({ wire }) => decodeCommand(wire),
  'commandId, Keccak-256 in JavaScript': ({ verified, words }) => commandId(verified.definition, words, domain),
  'all but signatures': ({ wire }) => verify(wire, { signatures: 'assume' }),
  'all but signatures, hash-wasm': ({ wire }) => verify(wire, { signatures: 'assume', keccak256 }),
  'verifyCommand, hash-wasm for addresses': ({ wire }) => verify(wire, { recover }),
  'verifyCommand, secp256k1 and hash-wasm': ({ wire }) => verify(wire, { recover, keccak256 }),
  judge: ({ verified }) => judge(verified, time, read),
  encodeEntry: ({ wire }) => encodeEntry({ time, wire }),
  decodeEntry: ({ entry }) => decodeEntry(entry),
  'toHex of an id': ({ digest }) => toHex(digest),
  'fromHex of an id': ({ verified }) => fromHex(verified.id),
  'key of a decision': ({ verified }) => decision.key(patient, verified.id),
  'decision to its word': () => entity.encode(given),
  'decision from its word': () => entity.decode(word),
};

/** Microseconds of processor time for each command, of this process and its garbage collector. */
function cost(part: (sample: Sample) => unknown): number {
  const before = process.cpuUsage();
  for (const sample of samples) part(sample);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / COMMANDS;
}

const WARMING = 3;
const rounds = Number(process.argv[2] ?? 25);
const costs = new Map(Object.keys(parts).map((name) => [name, [] as number[]]));
for (let round = -WARMING; round < rounds; round++)
  for (const [name, part] of Object.entries(parts)) {
    const micros = cost(part);
    if (round >= 0) costs.get(name)?.push(micros);
  }
for (const [name, all] of costs) {
  const median = all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
  console.log(`${name.padEnd(40)} ${median.toFixed(2).padStart(6)} µs`);
}
