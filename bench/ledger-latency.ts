/**
 * Time from handing over a signed command to its place in the log, on every ledger, interleaved in one run.
 *
 *   node --conditions=@medseal/source bench/ledger-latency.ts [commands on each ledger, default 100]
 */
import { memorySigner, noOrganisation, type Register, type RequestAccess, signCommand, toHex } from '@medseal/protocol';
import { makeOfficials } from '../examples/telehealth/officials.ts';
import { nodeSecrets } from '@medseal/adapter-local';
import { type ConfiguredNetwork, openNetwork } from '@medseal/core';
import { adapters } from '../examples/telehealth/adapters.ts';
import { openConfigured } from '../examples/telehealth/open-configured.ts';

const kinds = ['memory', 'local', 'ethereum', 'fabric'] as const;
const rounds = Number(process.argv[2] ?? 100);
const WARM_UP = 5;

const officials = makeOfficials();
const patient = memorySigner(random());
const progress = (text: string): boolean => process.stderr.write(`… ${text}\n`);

function random(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32));
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

async function send({ ledger }: ConfiguredNetwork, wire: Uint8Array): Promise<number> {
  const started = performance.now();
  await (await ledger.submit(wire)).committed();
  return performance.now() - started;
}

async function registerPatient(opened: ConfiguredNetwork): Promise<void> {
  const command: Register = {
    type: 'register',
    participant: patient.address,
    keyDocument: toHex(random()),
    organisation: noOrganisation,
    roles: ['patient'],
    clearance: 'private',
    person: toHex(random()),
    validUntil: seconds() + 600,
  };
  await send(opened, await signCommand(command, opened.ledger.genesis.domain, ...officials.signers, patient));
}

async function request(opened: ConfiguredNetwork): Promise<number> {
  const command: RequestAccess = {
    type: 'requestAccess',
    patient: patient.address,
    level: 'private',
    newData: true,
    until: seconds() + 3600,
    terms: toHex(random()),
    actor: patient.address,
    validUntil: seconds() + 600,
  };
  return send(opened, await signCommand(command, opened.ledger.genesis.domain, patient));
}

function quantile(times: readonly number[], part: number): string {
  const sorted = times.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1);
}

const opened: ConfiguredNetwork[] = [];
await using stack = new AsyncDisposableStack();
for (const ledger of kinds) {
  const options = { ledger, config: undefined, size: 0, plain: true, help: false };
  const { config, secrets } = stack.use(await openConfigured(options, officials, progress));
  const env = { ...process.env, ...secrets };
  opened.push(stack.use(await openNetwork(config, { adapters, secrets: nodeSecrets({ env }) })));
}
for (const one of opened) await registerPatient(one);
const times = new Map(opened.map((one) => [one, [] as number[]]));
for (let round = -WARM_UP; round < rounds; round++)
  for (const [one, taken] of times) {
    const ms = await request(one);
    if (round >= 0) taken.push(ms);
  }
console.log(`requestAccess, submit to committed, ${rounds} on each ledger, interleaved; milliseconds`);
for (const [index, taken] of [...times.values()].entries())
  console.log(`${kinds[index]?.padEnd(10)} median ${quantile(taken, 0.5)}  p95 ${quantile(taken, 0.95)}`);
