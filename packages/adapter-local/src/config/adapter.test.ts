import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Actor,
  type ConfiguredNetwork,
  grantAccess,
  issueTicket,
  type NetworkConfig,
  openNetwork,
  openRecord,
  register,
  revokeAccess,
  sealRecord,
} from '@medseal/core';
import { memorySigner } from '@medseal/protocol';
import { expect, it, vi } from 'vitest';
import { failure, testFolder, type TestFolder } from '../../test/test-folder.ts';
import { nodeSecrets } from './node-secrets.ts';
import { readConfig } from './read-config.ts';

const official = memorySigner(new Uint8Array(32).fill(9));
const adapters = { local: () => import('../index.ts') };
const secrets = nodeSecrets({ env: { MEDSEAL_KEYS: 'correct horse battery staple' } });

const config: NetworkConfig = {
  ledger: { use: 'local', path: 'data/ledger.db', authority: { threshold: 1, keys: [official.address] } },
  store: { use: 'local', directory: 'data/store' },
  directory: { use: 'local', directory: 'data/directory' },
  keys: { use: 'local', directory: 'data/keys', passphrase: { env: 'MEDSEAL_KEYS' }, logN: 14 },
  view: { use: 'local', path: 'data/view.db' },
  proxies: [1, 2, 3].map((number) => ({
    subject: `proxy-${number}`,
    state: { use: 'local', path: `data/proxy-${number}.state` },
  })),
};

async function start(folder: TestFolder, changes: Partial<NetworkConfig> = {}): Promise<ConfiguredNetwork> {
  const file = join(folder.path, 'medseal.json');
  await writeFile(file, JSON.stringify({ ...config, ...changes }));
  return openNetwork(await readConfig(file), { adapters, secrets });
}

async function enrol(
  network: ConfiguredNetwork,
  subject: string,
  role: 'patient' | 'provider' | 'proxy',
): Promise<Actor> {
  const keys = await network.keys.generate(subject).catch(() => network.keys.unlock(subject));
  const authority = network.authority([official], new Uint8Array(32));
  await register(authority, { keys, roles: [role], clearance: 'private', person: subject });
  return network.actor(keys);
}

async function returning(network: ConfiguredNetwork, subject: string): Promise<Actor> {
  return network.actor(await network.keys.unlock(subject));
}

it('runs three proxies, a store and a durable ledger from one file, and everything is there after a restart', async () => {
  await using folder = await testFolder();
  const until = new Date(Date.now() + 86_400_000);
  const cardiology = { compartment: 'cardiology', dataClass: 'medical-record' } as const;
  const first = await start(folder);
  const { domain } = first.ledger.genesis;
  for (const { subject } of first.config.proxies) await enrol(first, subject, 'proxy');
  const patient = await enrol(first, 'patient', 'patient');
  const doctor = await enrol(first, 'doctor', 'provider');
  const reader = await enrol(first, 'reader', 'provider');
  await issueTicket(patient, { author: doctor.id, ...cardiology, until });
  const content = new TextEncoder().encode('Blood pressure 128/82');
  const record = await sealRecord(doctor, { patient: patient.id, ...cardiology, content, mediaType: 'text/plain' });
  const grant = await grantAccess(patient, { grantee: reader.id, compartment: 'cardiology', newData: true, until });
  await first[Symbol.asyncDispose]();
  expect(await failure(first.ledger.head())).toMatchObject({ code: 'LEDGER_UNAVAILABLE' });

  await using second = await start(folder);
  expect(second.ledger.genesis.domain).toBe(domain);
  expect(second.proxies.map(({ id }) => id)).toEqual(first.proxies.map(({ id }) => id));
  const opened = await openRecord(await returning(second, 'reader'), { record: record.id });
  expect(new TextDecoder().decode(await opened.bytes())).toBe('Blood pressure 128/82');
  await revokeAccess(await returning(second, 'patient'), { grant: grant.id });
  const again = openRecord(await returning(second, 'reader'), { record: record.id, grant: grant.id });
  expect(await failure(again)).toMatchObject({ code: 'GRANT_REVOKED' });
  const files = await folder.files();
  for (const file of ['ledger.db', 'view.db', 'proxy-1.state']) expect(files).toContain(`data/${file}`);
}, 60_000);

it('shows every default', async () => {
  await using folder = await testFolder();
  await using network = await start(folder);
  expect(network.config).toMatchObject({
    base: folder.path,
    threshold: 2,
    ledger: { use: 'local', create: true, readOnly: false, acceptClock: false, maxBatch: 256, maxWaiting: 4096 },
    store: { use: 'local', directory: 'data/store', create: true },
    keys: { passphrase: { env: 'MEDSEAL_KEYS' }, logN: 14 },
    proxies: [{ state: { create: true }, bulkLimit: { uses: 200, seconds: 3600 } }, {}, {}],
  });
});

it('makes no ledger where the configuration says which it must be', async () => {
  await using folder = await testFolder();
  const ledger = { ...config.ledger, domain: `0x${'ab'.repeat(32)}` };
  await mkdir(join(folder.path, 'data'));
  expect(await failure(start(folder, { ledger }))).toMatchObject({ code: 'LEDGER_ABSENT' });
  expect(await folder.files()).not.toContain('data/ledger.db');
  const { domain } = await (async () => {
    await using made = await start(folder);
    return made.ledger.genesis;
  })();
  await using pinned = await start(folder, { ledger: { ...config.ledger, domain } });
  expect(pinned.ledger.genesis.domain).toBe(domain);
});

it('takes a disk that is not mounted for an outage where it may make nothing', async () => {
  await using folder = await testFolder();
  const ref = { digest: `0x${'00'.repeat(32)}`, size: 0, locator: '' } as const;
  {
    await using network = await start(folder);
    expect(await network.store.has(ref)).toBe(false);
  }
  await rename(join(folder.path, 'data/store'), join(folder.path, 'away'));
  await mkdir(join(folder.path, 'data/store'));
  await using careful = await start(folder, { store: { ...config.store, create: false } });
  expect(await failure(careful.store.has(ref))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

it('has a mirror carry out after a restart the deletion that one copy missed', async () => {
  await using folder = await testFolder();
  const copy = (name: string) => ({ use: 'local', directory: `data/${name}` });
  const store = {
    use: 'mirror',
    copies: { here: copy('here'), there: copy('there') },
    state: { use: 'local', path: 'data/mirror.db' },
    writeQuorum: 2,
  };
  async function* content(): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(1, 2, 3);
  }
  const { there, away } = { there: join(folder.path, 'data/there'), away: join(folder.path, 'away') };
  const ref = await (async () => {
    await using network = await start(folder, { store });
    const put = await network.store.put(content());
    await rename(there, away);
    await writeFile(there, 'no folder');
    await network.store.delete(put);
    return put;
  })();
  await rm(there);
  await rename(away, there);
  const file = join('data/there/objects', ref.digest.slice(2, 4), ref.digest.slice(4, 6), ref.digest.slice(2));
  expect(await folder.files()).toContain(file);
  await using network = await start(folder, { store });
  expect(await network.store.has(ref)).toBe(false);
  await vi.waitFor(async () => expect(await folder.files()).not.toContain(file));
});

it('publishes the log where that is configured', async () => {
  await using folder = await testFolder();
  const ledger = { ...config.ledger, publish: { directory: 'data/tiles', delay: 0 } };
  {
    await using network = await start(folder, { ledger });
    await enrol(network, 'patient', 'patient');
  }
  expect(await folder.files()).toContain('data/tiles/checkpoint');
});

it('closes the ledger again when something behind it does not open', async () => {
  await using folder = await testFolder();
  await using good = await start(folder);
  await enrol(good, 'patient', 'patient');
  await good[Symbol.asyncDispose]();
  const wrong = nodeSecrets({ env: { MEDSEAL_KEYS: 'wrong' } });
  const file = join(folder.path, 'medseal.json');
  const failed = openNetwork(await readConfig(file), { adapters, secrets: wrong });
  expect(await failure(failed)).toMatchObject({ code: 'DECRYPTION_FAILED' });
  // The writer's lock is free.
  await using again = await start(folder);
  expect(again.view.entries).toHaveLength(1);
});
