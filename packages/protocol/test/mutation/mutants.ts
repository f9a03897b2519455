import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, wireFields } from '../../src/index.ts';
import { editsOf } from './edits.ts';

export const SOURCE: string = join(import.meta.dirname, '../../src');

/** A copy of the sources with one thing changed. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly kind: string;
  readonly before: string;
  readonly after: string;
  /** The whole text of the file, changed and as it is shipped. */
  readonly source: string;
  readonly original: string;
  /**
   * Whether the exploration asks this code: it asks `judge` over words of the state. What checks bytes and signatures
   * it never sees, so there it can prove nothing.
   */
  readonly explored: boolean;
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(SOURCE, folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'index.ts')
    .map((name) => `${folder}/${name}`);
}

/** Kinds of the fields of the command that a file declares. */
function fieldKinds(source: string): ReadonlyMap<string, string> {
  const definition = Object.values(commands).find(({ name }) => source.includes(`name: '${name}'`));
  return new Map(definition === undefined ? [] : wireFields(definition).map(([name, { kind }]) => [name, kind]));
}

/** Functions of the machine that the exploration does not go through. */
const unexplored = ['verifyCommand', 'signaturesRequired', 'signedAsRequired', 'stateReads', 'decide'];

function enclosing(source: string, position: number): string {
  const names = [...source.slice(0, position).matchAll(/^(?:export )?function (\w+)/gm)];
  return names.at(-1)?.[1] ?? '';
}

function mutantsOf(file: string, within?: string): readonly Mutant[] {
  const source = readFileSync(join(SOURCE, file), 'utf8');
  return editsOf(source, fieldKinds(source), within).map(({ kind, start, end, text }) => ({
    file,
    line: source.slice(0, start).split('\n').length,
    kind,
    before: source.slice(start, end),
    after: text,
    source: source.slice(0, start) + text + source.slice(end),
    original: source,
    explored: file !== 'machine.ts' || !unexplored.includes(enclosing(source, start)),
  }));
}

/** Every mutant of the rules, of the machine that runs them and of the words of the state. */
export function allMutants(): readonly Mutant[] {
  return [
    ...filesIn('commands').flatMap((file) => mutantsOf(file)),
    ...mutantsOf('machine.ts'),
    ...filesIn('state').flatMap((file) => mutantsOf(file)),
    ...mutantsOf('encode/kinds.ts', 'reaches'),
  ];
}
