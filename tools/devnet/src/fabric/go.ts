import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fabricModuleFolder } from '../repository.ts';

export type FabricAvailability =
  | { readonly ok: true; readonly goVersion: string }
  | { readonly ok: false; readonly reason: string };

const run = promisify(execFile);

/** Whether the Fabric programs can be built here, or why not. They themselves may still have to be built. */
export async function fabricAvailable(): Promise<FabricAvailability> {
  if (process.platform === 'win32') return { ok: false, reason: 'the Fabric network needs Linux or macOS' };
  const minimum = readVersion(await readFile(join(fabricModuleFolder, 'go.mod'), 'utf8'), /^go (\d+)\.(\d+)/m);
  const missing = `Go >= ${minimum.join('.')} is not installed: it compiles the Fabric programs`;
  let output: string;
  try {
    // In the module's folder, so that the answer is the toolchain that will build it.
    ({ stdout: output } = await run('go', ['version'], { cwd: fabricModuleFolder }));
  } catch {
    return { ok: false, reason: missing };
  }
  const [major, minor] = readVersion(output, /^go version go(\d+)\.(\d+)/);
  const isRecent = major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
  if (!isRecent) return { ok: false, reason: `${missing} (found: ${output.trim()})` };
  return { ok: true, goVersion: output.trim() };
}

function readVersion(text: string, pattern: RegExp): readonly [major: number, minor: number] {
  const [, major = '0', minor = '0'] = pattern.exec(text) ?? [];
  return [Number(major), Number(minor)];
}
