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
import { type Copies, copies } from './copies.ts';
import { allMutants, type Mutant } from './mutants.ts';

/** What became of one mutant. */
export interface Fate {
  readonly file: string;
  readonly line: number;
  readonly kind: string;
  readonly before: string;
  readonly after: string;
  readonly fate: 'killed' | 'equivalent' | 'survived';
  /** The scenario that killed it, or the proof that nothing can. */
  readonly because: string;
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

async function fateOf(loader: Copies, mutant: Mutant): Promise<Pick<Fate, 'fate' | 'because'>> {
  let protocol: Protocol;
  try {
    protocol = await loader.load(mutant);
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

/** The start of a text on one line. */
function short(text: string): string {
  return text.replaceAll(/\s+/g, ' ').slice(0, 120);
}

async function runAll(): Promise<readonly Fate[]> {
  using loader = copies();
  const fates: Fate[] = [];
  for (const mutant of allMutants()) {
    const { file, line, kind, before, after } = mutant;
    const { fate, because } = await fateOf(loader, mutant);
    fates.push({ file, line, kind, before: short(before), after: short(after), fate, because });
  }
  return fates;
}

process.stdout.write(JSON.stringify(await runAll()));
