import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DevnetError } from '../devnet-error.ts';
import type { FabricPrograms } from './build.ts';

// The peer runs these three programs when a chaincode package is installed. They accept packages of the type
// `ccaas`, whose only content is the address of a chaincode server.
const BUILDER_PROGRAMS: Readonly<Record<string, string>> = {
  detect: 'grep -q ccaas "$2/metadata.json"',
  build: 'cp "$1/connection.json" "$3/"\nif [ -d "$1/META-INF" ]; then cp -r "$1/META-INF" "$3/"; fi',
  release: 'mkdir -p "$2/chaincode/server"\ncp "$1/connection.json" "$2/chaincode/server/"',
};

/** Writes `core.yaml`, `orderer.yaml` and the chaincode builder into the folder. */
export async function writeNodeConfig(programs: FabricPrograms, folder: string): Promise<void> {
  const builder = join(folder, 'builder');
  await mkdir(join(builder, 'bin'), { recursive: true });
  for (const [name, body] of Object.entries(BUILDER_PROGRAMS)) {
    const file = join(builder, 'bin', name);
    await writeFile(file, `#!/bin/sh\nset -e\n${body}\n`);
    await chmod(file, 0o755);
  }
  // Everything else is set by environment variables; a list cannot be, and an empty variable is ignored.
  let core = await readFile(join(programs.sampleConfig, 'core.yaml'), 'utf8');
  core = replaceOnce(core, 'endpoint: unix:///var/run/docker.sock', 'endpoint: ""');
  core = replaceOnce(core, 'path: /opt/hyperledger/ccaas_builder', `path: ${JSON.stringify(builder)}`);
  await writeFile(join(folder, 'core.yaml'), core);
  await copyFile(join(programs.sampleConfig, 'orderer.yaml'), join(folder, 'orderer.yaml'));
}

function replaceOnce(text: string, search: string, replacement: string): string {
  const parts = text.split(search);
  if (parts.length !== 2) throw new DevnetError('not-ready', `core.yaml does not have one line "${search}"`);
  return parts.join(replacement);
}
