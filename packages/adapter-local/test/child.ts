import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const programOf = (name: string): readonly string[] => [
  '--conditions=@medseal/source',
  fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)),
];

/** Runs a program of `fixtures` to its end, under limits that the shell sets first. */
export function runFixture(name: string, args: readonly string[], limits = ''): string {
  const command = [process.execPath, ...programOf(name), ...args].map((word) => `'${word}'`).join(' ');
  const { stdout, stderr, status } = spawnSync('sh', ['-c', `${limits} exec ${command}`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} ended with ${String(status)}: ${stderr}`);
  return stdout;
}

/** Starts a program of `fixtures` and kills it some milliseconds after its first line. Resolves with its whole lines. */
export function killFixture(name: string, args: readonly string[], after: number): Promise<readonly string[]> {
  return killProgram([...programOf(name), ...args], after);
}

/** As `killFixture`, for a program that was bundled. */
export async function killProgram(args: readonly string[], after: number): Promise<readonly string[]> {
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('no stdout');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (lines.push(line) === 1) setTimeout(() => child.kill('SIGKILL'), after);
  }
  return lines;
}
