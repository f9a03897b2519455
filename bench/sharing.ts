/**
 * Grants and openings through core, with three proxies and everything in memory, on noble and on the addon, in turns.
 *
 *   node --conditions=@medseal/source bench/sharing.ts [rounds, default 12]
 */
import { loadavg } from 'node:os';
import {
  type Actor,
  assembleNetwork,
  generateKeys,
  grantAccess,
  issueTicket,
  memoryDirectory,
  MemoryLedger,
  memoryStore,
  openRecord,
  type ParticipantKeys,
  type Proxy,
  ReEncryptionProxy,
  register,
  sealRecord,
} from '@medseal/core';
import { memorySigner } from '@medseal/protocol';
import { type Backend, nobleBackend, secretKeyFromBytes, secretKeyToBytes, useBackend } from '@medseal/umbral';
import { addonBackend } from '@medseal/umbral/native';

const rounds = Number(process.argv[2] ?? 12);
const official = memorySigner(new Uint8Array(32).fill(9));
const ledger = new MemoryLedger({ authority: { threshold: 1, keys: [official.address] } });
const directory = memoryDirectory();
const proxyKeys = [1, 2, 3].map(() => generateKeys());
const bulkLimit = { uses: 1_000_000, seconds: 3600 };
// They answer what they have answered before: then only the grantee and the ledger work.
const answered = new Map<string, Uint8Array>();
let remember = false;
const proxies = proxyKeys.map((keys): Proxy => {
  const proxy = new ReEncryptionProxy({ ledger, directory, keys, bulkLimit });
  return {
    id: proxy.id,
    accept: (delivery, options) => proxy.accept(delivery, options),
    notice: (wire) => proxy.notice(wire),
    async reencrypt(request, options) {
      const name = `${proxy.id} ${Buffer.from(request.header).toString('latin1')}`;
      const known = remember ? answered.get(name) : undefined;
      const answer = known ?? (await proxy.reencrypt(request, options));
      answered.set(name, answer);
      return answer;
    },
  };
});
const network = await assembleNetwork({ ledger, store: memoryStore(), directory, proxies });
const registrar = network.authority([official], new Uint8Array(32));

async function enrol(role: 'patient' | 'provider' | 'proxy', keys: ParticipantKeys = generateKeys()): Promise<Actor> {
  await register(registrar, { keys, roles: [role], clearance: 'private', person: keys.address });
  return network.actor(keys);
}

for (const keys of proxyKeys) await enrol('proxy', keys);
const [patient, author] = [await enrol('patient'), await enrol('provider')];
const until = new Date(Date.now() + 86_400_000);
await issueTicket(patient, { author: author.id, compartment: 'general', dataClass: 'medical-record', until });

interface Contender {
  readonly backend: Backend;
  readonly grantee: Actor;
  readonly grant: `0x${string}`;
  readonly record: `0x${string}`;
}

async function contender(backend: Backend): Promise<Contender> {
  useBackend(backend);
  const grantee = await enrol('provider');
  const { id: grant } = await grantAccess(patient, { grantee: grantee.id, compartment: 'general', until });
  const { id: record } = await sealRecord(author, {
    patient: patient.id,
    compartment: 'general',
    dataClass: 'medical-record',
    content: new Uint8Array(1000),
    mediaType: 'text/plain',
  });
  return { backend, grantee, grant, record };
}

async function open({ grant, record }: Contender, grantee: Actor): Promise<void> {
  const opened = await openRecord(grantee, { record, grant });
  if ((await opened.bytes()).length !== 1000) throw new Error('It did not open');
}

/** The same actor, of whom nothing is known yet. */
function strangerLike({ keys }: Actor): Actor {
  return network.actor({ ...keys, receivingSecret: secretKeyFromBytes(secretKeyToBytes(keys.receivingSecret)) });
}

const operations: Readonly<Record<string, (by: Contender) => Promise<unknown>>> = {
  'grantAccess, up to the highest level (3 × 3 fragments)': ({ grantee }) =>
    grantAccess(patient, { grantee: grantee.id, compartment: 'general', until }),
  'grantAccess, of one level (3 fragments)': ({ grantee }) =>
    grantAccess(patient, { grantee: grantee.id, compartment: 'general', level: 'low', until }),
  'openRecord by a grantee, proxies included': (by) => open(by, by.grantee),
  '… without the work of the proxies': (by) => remembering(() => open(by, by.grantee)),
  '… and the first of a grant': (by) => remembering(() => open(by, strangerLike(by.grantee))),
};

async function remembering(work: () => Promise<void>): Promise<void> {
  remember = true;
  await work();
  remember = false;
}

const contenders = [await contender(nobleBackend), await contender(addonBackend)];
const times = new Map(Object.keys(operations).map((name) => [name, contenders.map((): number[] => [])]));
const before = loadavg()[0]?.toFixed(1);
for (let round = -2; round < rounds; round++) {
  process.stderr.write(`\rround ${round + 3} of ${rounds + 2} `);
  for (const [name, operation] of Object.entries(operations))
    for (const [which, by] of contenders.entries()) {
      useBackend(by.backend);
      const started = performance.now();
      await operation(by);
      if (round >= 0) times.get(name)?.[which]?.push(performance.now() - started);
    }
}
process.stderr.write('\n');

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
console.log(`Median of ${rounds} rounds; load ${before} to ${loadavg()[0]?.toFixed(1)}\n`);
console.log('| Operation | noble, ms | addon, ms | noble, a second | addon, a second | ratio |');
console.log('|---|--:|--:|--:|--:|--:|');
for (const [name, [noble = [], addon = []]] of times) {
  const [a, b] = [median(noble), median(addon)];
  const cells = [a.toFixed(1), b.toFixed(1), (1000 / a).toFixed(1), (1000 / b).toFixed(1), `${(a / b).toFixed(1)} ×`];
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
