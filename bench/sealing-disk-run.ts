/** One contender, once, in a process of its own. Prints seconds, seconds of processor time, and the growth of memory in MiB, as JSON. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { contenders, openers } from './sealing-disk-contenders.ts';

const [name = '', from = '', small = '', to = '', last = ''] = process.argv.slice(2);

async function prepare(path: string): Promise<() => Promise<unknown>> {
  const [contender, opener] = [contenders[name], openers[name]];
  if (contender !== undefined) return () => contender(path, to);
  if (opener === undefined) throw new Error(`There is no ${name}`);
  return opener(path, to);
}

// Compiles the code, so that sealing is measured and not the start of the program.
for (let turn = 0; turn < 2; turn++) {
  await (
    await prepare(small)
  )();
  for (const path of [to, `${to}.sealed`]) rmSync(path, { recursive: true, force: true });
}
const work = await prepare(from);
// What was written so far is on the disk, and does not slow this one down.
execFileSync('sync');
// The memory that held what the last one wrote is free from now on. A virtual machine may have to ask its host for any
// other, which takes longer than to encrypt.
for (const path of [last, `${last}.sealed`]) rmSync(path, { recursive: true, force: true });
// Linux forgets the highest resident size so far.
writeFileSync('/proc/self/clear_refs', '5');
const before = kilobytes('VmRSS');
const busyBefore = process.cpuUsage();
const started = performance.now();
await work();
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(busyBefore);
const grown = (kilobytes('VmHWM') - before) / 1024;
process.stdout.write(
  JSON.stringify({ seconds, busy: (user + system) / 1e6, grown, mib: statSync(from).size / 1024 ** 2 }),
);
process.exit();

function kilobytes(field: string): number {
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}
