import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FabricPrograms } from './build.ts';
import type { FabricIdentity } from './fabric-network.ts';
import { runProgram } from './run-program.ts';
import { ORDERER_DOMAIN } from './topology.ts';
import type { PeerNode, Topology } from './topology.ts';

const SUBJECT_ALTERNATIVE_NAMES: readonly string[] = ['127.0.0.1', 'localhost'];

/** Creates certificate authorities, node certificates, and an Admin and a User per organisation. */
export async function generateCrypto(
  programs: FabricPrograms,
  topology: Topology,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const config = {
    OrdererOrgs: [
      {
        Name: 'Orderer',
        Domain: ORDERER_DOMAIN,
        EnableNodeOUs: true,
        Specs: [{ Hostname: 'orderer0', SANS: SUBJECT_ALTERNATIVE_NAMES }],
      },
    ],
    PeerOrgs: topology.peers.map((peer) => ({
      Name: peer.mspId.replace(/MSP$/, ''),
      Domain: peer.domain,
      EnableNodeOUs: true,
      Template: { Count: 1, SANS: SUBJECT_ALTERNATIVE_NAMES },
      Users: { Count: 1 },
    })),
  };
  const configFile = join(folder, 'crypto-config.yaml');
  // JSON is YAML.
  await writeFile(configFile, JSON.stringify(config));
  const args = ['generate', `--config=${configFile}`, `--output=${topology.cryptoFolder}`];
  await runProgram(programs.cryptogen, args, { signal });
}

/** Reads the certificate and the key of an organisation's `Admin` or `User1`. */
export async function readIdentity(peer: PeerNode, user: 'Admin' | 'User1'): Promise<FabricIdentity> {
  const msp = join(peer.organisationFolder, 'users', `${user}@${peer.domain}`, 'msp');
  const [certificate, privateKey] = await Promise.all([
    readOnlyFile(join(msp, 'signcerts')),
    readOnlyFile(join(msp, 'keystore')),
  ]);
  return { mspId: peer.mspId, certificate, privateKey };
}

/** The certificate of the authority that signed a node's TLS certificate, PEM. */
export function readTlsCaCertificate(node: { readonly cryptoFolder: string }): Promise<string> {
  return readFile(join(node.cryptoFolder, 'tls', 'ca.crt'), 'utf8');
}

// The names in these folders come from the key identifier; there is one file in each.
async function readOnlyFile(folder: string): Promise<string> {
  const [name, ...others] = await readdir(folder);
  if (name === undefined || others.length > 0) throw new Error(`expected one file in ${folder}`);
  return readFile(join(folder, name), 'utf8');
}
