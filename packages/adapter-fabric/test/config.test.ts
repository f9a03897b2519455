import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playConfiguration } from '@medseal/conformance';
import { type NetworkConfig, openNetwork } from '@medseal/core';
import { fabricAvailable, type FabricNetwork, startFabric } from '@medseal/devnet';
import type { Domain } from '@medseal/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { initialiseFabricLedger } from '../src/index.ts';
import { connectionTo } from './connection.ts';
import { authority, official } from './people.ts';

const available = await fabricAvailable();
const skipped = available.ok ? '' : ` (skipped: ${available.reason})`;
const memory = { use: 'memory' };
const rest: Omit<NetworkConfig, 'ledger'> = {
  store: memory,
  directory: memory,
  keys: memory,
  proxies: [1, 2, 3].map((number) => ({ subject: `proxy ${number}`, state: memory })),
};
const adapters = { fabric: () => import('../src/index.ts') };
const section = {
  use: 'fabric',
  channel: 'health',
  chaincode: 'medseal',
  peers: [{ endpoint: '127.0.0.1:7051', tlsCaCertFile: 'tls-ca.pem' }],
  identity: { mspId: 'NorthMSP', certificateFile: 'certificate.pem' },
  privateKey: { file: 'key.pem' },
};

describe.skipIf(!available.ok)(`a configured Fabric ledger${skipped}`, { timeout: 120_000 }, () => {
  let network: FabricNetwork;
  let folder: string;
  let domain: Domain;

  beforeAll(async () => {
    const entry = join(import.meta.dirname, '../src/chaincode/main.ts');
    network = await startFabric({ chaincodes: [{ name: 'medseal', entry }] });
    domain = await initialiseFabricLedger(connectionTo(network, 'medseal'), authority);
    folder = await mkdtemp(join(tmpdir(), 'medseal-fabric-config-'));
    const { identity, peers } = connectionTo(network, 'medseal');
    await writeFile(join(folder, 'certificate.pem'), identity.certificate);
    for (const [index, { tlsCaCert }] of peers.entries()) await writeFile(join(folder, `tls-${index}.pem`), tlsCaCert);
  }, 15 * 60_000);

  afterAll(async () => {
    await network?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  test('opens, and the same program runs on it', async () => {
    const { peers, channel } = connectionTo(network, 'medseal');
    const ledger = {
      ...section,
      channel,
      domain,
      peers: peers.map(({ endpoint, hostAlias }, index) => ({
        endpoint,
        hostAlias,
        tlsCaCertFile: `tls-${index}.pem`,
      })),
      identity: { ...section.identity, mspId: network.organisations[0]?.user.mspId },
    };
    const secrets = async (): Promise<string> => network.organisations[0]?.user.privateKey ?? 'none';
    const play = playConfiguration({ ...rest, base: folder, ledger }, { adapters, secrets, officials: [official] });
    await expect(play).resolves.toBeUndefined();
  });
});

test.each([
  [{ peers: [] }, 'ledger.peers'],
  [{ peers: [{ endpoint: 'no port', tlsCaCertFile: 'x' }] }, 'ledger.peers[0].endpoint'],
  [{ identity: { mspId: 'NorthMSP' } }, 'ledger.identity.certificateFile'],
  [{ privateKey: '-----BEGIN PRIVATE KEY-----' }, 'ledger.privateKey'],
  [{ deadlines: { evaluate: 5 } }, 'ledger.deadlines.evaluate'],
])('a wrong field is told: %j', async (wrong, path) => {
  const opening = openNetwork({ ...rest, ledger: { ...section, ...wrong } }, { adapters, secrets: async () => 'x' });
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: 'INVALID_CONFIG', issues: [{ path }] });
  expect(String(error)).not.toContain('BEGIN');
});
