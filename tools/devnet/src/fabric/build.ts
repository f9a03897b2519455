import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { DevnetError } from '../devnet-error.ts';
import { cacheFolder, fabricModuleFolder } from '../repository.ts';
import { withLock } from '../with-lock.ts';
import { fabricAvailable } from './go.ts';

/** Where the compiled programs are. */
export interface FabricPrograms {
  readonly peer: string;
  readonly orderer: string;
  readonly cryptogen: string;
  readonly configtxgen: string;
  /** Folder with the `core.yaml` and `orderer.yaml` of the same version. */
  readonly sampleConfig: string;
}

export interface BuildOptions {
  readonly onProgress?: ((message: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const FABRIC_VERSION = '3.1.1';
const VERSION_VARIABLE = 'github.com/hyperledger/fabric/common/metadata.Version';
const BUILD_FLAGS: readonly string[] = [
  '-trimpath',
  '-buildvcs=false',
  `-ldflags=-X ${VERSION_VARIABLE}=${FABRIC_VERSION}`,
];
const SAMPLE_FILES: readonly string[] = ['core.yaml', 'orderer.yaml'];
const TEMPORARY_MARK = '.building-';
const PROGRESS_INTERVAL_MS = 5_000;

/**
 * Compiles the Fabric programs pinned in `tools/go/fabric`, or finds them in `.cache/fabric`, which is addressed by
 * the pinned sums and the Go version.
 *
 * @throws {DevnetError} `program-missing` without Go, `build-failed` with the compiler's last lines.
 */
export async function buildFabric(options: BuildOptions = {}): Promise<FabricPrograms> {
  const { onProgress, signal } = options;
  const availability = await fabricAvailable();
  if (!availability.ok) throw new DevnetError('program-missing', availability.reason);
  const folder = join(cacheFolder, 'fabric', await contentAddress(availability.goVersion));
  const programs = programsIn(folder);
  if (existsSync(folder)) return programs;

  await mkdir(dirname(folder), { recursive: true });
  const build = async (): Promise<void> => {
    if (!existsSync(folder)) await compileInto(folder, options);
  };
  const onWait = (): void => onProgress?.('Fabric: waiting for another build');
  await withLock(`${folder}.lock`, build, { onWait, signal });
  return programs;
}

function programsIn(folder: string): FabricPrograms {
  const binary = (name: string): string => join(folder, 'bin', name);
  return {
    peer: binary('peer'),
    orderer: binary('orderer'),
    cryptogen: binary('cryptogen'),
    configtxgen: binary('configtxgen'),
    sampleConfig: join(folder, 'sampleconfig'),
  };
}

async function contentAddress(goVersion: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(join(fabricModuleFolder, file)));
  return hash
    .update([goVersion, ...BUILD_FLAGS].join('\n'))
    .digest('hex')
    .slice(0, 16);
}

// Into a folder beside the final one, then renamed: what stands at the final place is always whole.
async function compileInto(folder: string, { onProgress, signal }: BuildOptions): Promise<void> {
  onProgress?.(
    `Fabric: compiling v${FABRIC_VERSION} (peer, orderer, cryptogen, configtxgen) with Go into ${folder}; ` +
      'once per machine, 1 to 4 minutes on two cores, and it downloads about 60 Go modules the first time',
  );
  await removeAbandoned(folder);
  const temporary = await mkdtemp(`${folder}${TEMPORARY_MARK}`);
  try {
    let compiled = 0;
    let reported = performance.now();
    const onLine = (line: string): void => {
      if (!line.startsWith('go: ')) compiled++;
      if (performance.now() - reported < PROGRESS_INTERVAL_MS) return;
      reported = performance.now();
      onProgress?.(compiled === 0 ? 'Fabric: downloading Go modules' : `Fabric: ${compiled} Go packages compiled`);
    };
    await runGo(['build', '-v', ...BUILD_FLAGS, '-o', join(temporary, 'bin') + '/', 'tool'], { signal, onLine });
    await copySampleConfig(join(temporary, 'sampleconfig'), signal);
    await rename(temporary, folder);
    onProgress?.('Fabric: compiled');
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another process may have published the same content in the meantime.
    if (!existsSync(folder)) throw error;
  }
}

/** Removes what a build that was killed has left; the caller holds the lock. */
async function removeAbandoned(folder: string): Promise<void> {
  const parent = dirname(folder);
  const abandoned = (await readdir(parent)).filter((name) => name.startsWith(basename(folder) + TEMPORARY_MARK));
  await Promise.all(abandoned.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

async function copySampleConfig(target: string, signal: AbortSignal | undefined): Promise<void> {
  const module = await runGo(['list', '-m', '-f', '{{.Dir}}', 'github.com/hyperledger/fabric'], { signal });
  await mkdir(target);
  for (const file of SAMPLE_FILES) {
    await copyFile(join(module.trim(), 'sampleconfig', file), join(target, file));
    // Files in the module cache are read-only.
    await chmod(join(target, file), 0o644);
  }
}

interface GoOptions {
  readonly signal: AbortSignal | undefined;
  readonly onLine?: (line: string) => void;
}

/** Runs `go` in the module's folder and returns its standard output. */
async function runGo(args: readonly string[], { signal, onLine }: GoOptions): Promise<string> {
  signal?.throwIfAborted();
  const child = spawn('go', args, {
    cwd: fabricModuleFolder,
    env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-mod=readonly' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = (): void => void child.kill('SIGTERM');
  signal?.addEventListener('abort', stop, { once: true });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const lastLines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > 30) lastLines.shift();
    onLine?.(line);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (code !== 0) throw new DevnetError('build-failed', `go ${args[0]} failed:\n${lastLines.join('\n')}`);
  return output;
}
