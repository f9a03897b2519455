import { join } from 'node:path';
import {
  type Actor,
  grantAccess,
  issueTicket,
  type NetworkConfig,
  NotEnoughProxiesError,
  openNetwork,
  openRecord,
  register,
  requestAccess,
  revokeAccess,
  sealRecord,
} from '@medseal/core';
import { type Hex, memorySigner } from '@medseal/protocol';
import { expect, test } from 'vitest';
import { backupLedger, restoreLedger } from '../src/index.ts';
import { testFolder } from './test-folder.ts';

const official = memorySigner(new Uint8Array(32).fill(9));
const adapters = { local: () => import('../src/index.ts') };
const secrets = async (): Promise<string> => 'a passphrase';

function configIn(base: string): NetworkConfig {
  return {
    base,
    ledger: { use: 'local', path: 'ledger', authority: { threshold: 1, keys: [official.address] } },
    store: { use: 'local', directory: 'store' },
    directory: { use: 'local', directory: 'directory' },
    keys: { use: 'local', directory: 'keys', passphrase: { env: 'KEYS' }, logN: 14 },
    proxies: [1, 2, 3].map((number) => ({
      subject: `proxy ${number}`,
      state: { use: 'local', path: `proxy-${number}` },
    })),
  };
}

/** Code of what each proxy said. */
async function refusals(opening: Promise<unknown>): Promise<readonly unknown[]> {
  const error = await opening.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof NotEnoughProxiesError)
    return error.faults.map(({ cause }) => (cause as { code?: unknown }).code);
  throw new Error('The proxies should have refused', { cause: error });
}

type Act = (at: { readonly doctor: Actor; readonly patient: Actor; record: Hex; grant: Hex }) => Promise<unknown>;

/** What happens after the backup, and what proxies say of a use on the restored ledger. */
const histories: readonly (readonly [name: string, act: Act, code: string])[] = [
  [
    'a use',
    async ({ doctor, record, grant }) => (await openRecord(doctor, { record, grant })).bytes(),
    'LEDGER_REWRITTEN',
  ],
  // Its direct notice is in the proxies' files: they need not look at the ledger.
  ['a revocation', ({ patient, grant }) => revokeAccess(patient, { grant }), 'NOT_LIVE'],
];

test.each(histories)(
  'an old copy of the ledger, in which %s is missing, is refused by every proxy',
  async (_, act, code) => {
    await using folder = await testFolder();
    const config = configIn(folder.path);
    const backup = join(folder.path, 'backup');
    const until = new Date(Date.now() + 86_400_000);
    const place = { compartment: 'cardiology', dataClass: 'medical-record' } as const;
    let record, grant;
    {
      await using network = await openNetwork(config, { adapters, secrets });
      const authority = network.authority([official], new Uint8Array(32));
      const enrol = async (person: string, role: 'provider' | 'patient' | 'proxy') => {
        const keys = await (role === 'proxy' ? network.keys?.unlock(person) : network.keys?.generate(person));
        if (keys === undefined) throw new Error('There is no key store');
        await register(authority, { keys, roles: [role], clearance: 'private', person });
        return network.actor(keys);
      };
      for (const { subject } of network.config.proxies) await enrol(subject, 'proxy');
      const [doctor, patient] = [await enrol('doctor', 'provider'), await enrol('patient', 'patient')];
      await issueTicket(patient, { author: doctor.id, ...place, until });
      const content = new TextEncoder().encode('Blood pressure 128/82');
      record = (await sealRecord(doctor, { patient: patient.id, ...place, content, mediaType: 'text/plain' })).id;
      const asked = { patient: patient.id, compartment: place.compartment, purpose: 'TREAT', until };
      grant = (await requestAccess(doctor, asked)).id;
      await grantAccess(patient, { request: grant });
      await (await openRecord(doctor, { record, grant })).bytes();
      await backupLedger(join(folder.path, 'ledger'), backup);
      await act({ doctor, patient, record, grant });
    }
    await restoreLedger(backup, join(folder.path, 'ledger'), { replace: true });
    await using network = await openNetwork(config, { adapters, secrets });
    expect([...network.view.grants()].map(({ id }) => id)).toEqual([grant]);
    const keys = await network.keys?.unlock('doctor');
    if (keys === undefined) throw new Error('There is no key store');
    const opening = openRecord(network.actor(keys), { record, grant });
    expect(await refusals(opening)).toEqual([code, code, code]);
  },
);
