import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  decision,
  type Hex,
  participant,
  person,
  type StateKey,
  type StateValue,
  toHex,
  fromHex,
} from '../../src/index.ts';
import { explore, type Question } from '../exploration/explore.ts';
import { type Protocol, runScenarios } from '../scenarios.ts';
import { allMutants, type Mutant, SOURCE } from './mutants.ts';

/** What became of one mutant. */
export interface Fate {
  readonly mutant: string;
  readonly kind: string;
  readonly fate: 'killed' | 'equivalent' | 'survived';
  /** The scenario that killed it, or the proof that nothing can. */
  readonly because: string;
}

async function load(folder: string, mutant: Mutant, number: number): Promise<Protocol> {
  const copy = join(folder, `${number}`);
  cpSync(SOURCE, copy, { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  writeFileSync(join(copy, mutant.file), mutant.source);
  return (await import(pathToFileURL(join(copy, 'index.ts')).href)) as Protocol;
}

/** The codec of the shipped sources for a path of the state. */
function keyOf(path: string): StateKey<StateValue> {
  const [entity, ...parts] = path.split('/') as [string, ...Hex[]];
  const [a = '0x', b = '0x'] = parts;
  if (entity === 'participant') return participant.key(a);
  return entity === 'person' ? person.key(a) : decision.key(a, b);
}

function wordOf(path: string, value: StateValue): string {
  return toHex(keyOf(path).entity.encode(value));
}

/** The verdict of a module, with what it writes as the words that a ledger would store. */
function answer({ judge, commands }: Protocol, { command, time, read }: Question): string {
  const verdict = judge({ command, definition: commands[command.type] }, time, ({ path, entity }) => {
    const value = read(path);
    return value === undefined ? undefined : entity.decode(fromHex(wordOf(path, value) as Hex));
  });
  if (verdict.outcome !== 'applied') return `${verdict.outcome} ${verdict.code}`;
  return verdict.writes.map(({ key, value }) => `${key.path} ${toHex(key.entity.encode(value))}`).join();
}

/** The first question that a module answers otherwise than the shipped sources do. */
function difference(protocol: Protocol, questions: readonly Question[]): Question | undefined {
  return questions.find((question) => {
    const { verdict } = question;
    const shipped =
      verdict.outcome === 'applied'
        ? verdict.writes.map(({ key, value }) => `${key.path} ${wordOf(key.path, value)}`).join()
        : `${verdict.outcome} ${verdict.code}`;
    try {
      return answer(protocol, question) !== shipped;
    } catch {
      return true;
    }
  });
}

let asked: readonly Question[] | undefined;

async function fateOf(folder: string, mutant: Mutant, number: number): Promise<Pick<Fate, 'fate' | 'because'>> {
  let protocol: Protocol;
  try {
    protocol = await load(folder, mutant, number);
  } catch (error) {
    return { fate: 'killed', because: `does not load: ${String(error)}` };
  }
  const [failure] = runScenarios(protocol, { firstOnly: true });
  if (failure !== undefined) return { fate: 'killed', because: failure.name };
  if (!mutant.explored)
    return { fate: 'survived', because: 'no scenario notices, and the exploration does not ask this' };
  asked ??= explore().questions;
  const differs = difference(protocol, asked);
  return differs === undefined
    ? { fate: 'equivalent', because: `the same answer to all ${asked.length} questions of the exploration` }
    : { fate: 'survived', because: `answers otherwise: ${JSON.stringify({ ...differs, read: undefined })}` };
}

function nameOf({ file, line, before, after }: Mutant): string {
  const short = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 90);
  return `${file}:${line} ${short(before)} → ${short(after)}`;
}

async function runAll(): Promise<readonly Fate[]> {
  const folder = mkdtempSync(join(tmpdir(), 'medseal-mutants-'));
  try {
    symlinkSync(join(SOURCE, '../node_modules'), join(folder, 'node_modules'));
    const fates: Fate[] = [];
    for (const [number, mutant] of allMutants().entries())
      fates.push({ mutant: nameOf(mutant), kind: mutant.kind, ...(await fateOf(folder, mutant, number)) });
    return fates;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.stdout.write(JSON.stringify(await runAll()));
