import { type Command, commands, judge, type Participant, type StateValue, type Verdict } from '../../src/index.ts';
import type { Protocol } from '../scenarios.ts';
import { brokenPromises, type Facts, factsAfter, nothing, type Told } from './promises.ts';
import { alphabet, instants, SATURATED, slots } from './small-world.ts';

/** One question that the rules were asked: with its answer, all that a step of the exploration depends on. */
export interface Question {
  readonly command: Command;
  readonly time: number;
  readonly read: (path: string) => StateValue | undefined;
  readonly verdict: Verdict;
}

/** The rules to explore. */
export type Rules = Pick<Protocol, 'judge' | 'commands'>;

export interface Exploration {
  readonly states: number;
  /** Pairs of a state and a command that was judged in it. */
  readonly judged: number;
  /** Those that were applied or logged as a violation. */
  readonly logged: number;
  readonly cells: ReadonlySet<string>;
  /** Every distinct question, over the values that its command reads. */
  readonly questions: readonly Question[];
  readonly broken: ReadonlySet<string>;
}

/** Value of one slot: the word of the rules beside what the log says. Numbered in the order of appearance. */
interface Held {
  readonly value: StateValue | undefined;
  readonly facts: Facts;
}

interface Slot {
  readonly path: string;
  readonly shift: number;
  readonly mask: number;
  readonly values: Held[];
  readonly numbers: Map<string, number>;
  /** Which value followed which. */
  readonly edges: Set<number>[];
}

function makeSlots(): readonly Slot[] {
  let shift = 2;
  return slots.map(([path, bits]) => {
    const slot = { path, shift, mask: (1 << bits) - 1, values: [], numbers: new Map<string, number>(), edges: [] };
    shift += bits;
    numberOf(slot, { value: undefined, facts: nothing });
    return slot;
  });
}

function numberOf(slot: Slot, held: Held): number {
  const key = JSON.stringify(held);
  let number = slot.numbers.get(key);
  if (number === undefined) {
    number = slot.values.push(held) - 1;
    if (number > slot.mask) throw new RangeError(`${slot.path} takes more values than the world has bits for`);
    slot.numbers.set(key, number);
    slot.edges.push(new Set());
  }
  return number;
}

function saturated(value: StateValue): StateValue {
  if (!('version' in value)) return value;
  const { version, keyVersion } = value;
  return { ...value, version: Math.min(version, SATURATED), keyVersion: Math.min(keyVersion, SATURATED) };
}

/** Promises that one write breaks. */
function brokenByWrite({ type }: Command, before: StateValue | undefined, after: StateValue): readonly string[] {
  if (before === undefined) return [];
  if ('until' in before) return before.status === 'granted' ? [] : ['denied and revoked are terminal'];
  if (!('version' in before)) return [];
  const { version, keyVersion } = after as Participant;
  const [ofStanding, ofKeys] = type === 'rotateKeys' ? [0, 1] : [1, 0];
  const grown = version === before.version + ofStanding && keyVersion === before.keyVersion + ofKeys;
  return grown ? [] : ['versions grow by one'];
}

/** A state is one integer: two bits of time, then the number of each slot's value. */
const TIME = 3;

/** What a command does: nothing to the state, or new values in some slots. */
interface Change {
  readonly clear: number;
  readonly set: number;
  readonly logged: boolean;
}

/** One command with the slots it reads and what it did for each combination of their values seen so far. */
interface Row {
  readonly command: Command;
  readonly reads: readonly Slot[];
  readonly changes: (Change | undefined)[];
}

class Explorer {
  readonly slots: readonly Slot[] = makeSlots();
  readonly byPath: ReadonlyMap<string, Slot> = new Map(this.slots.map((slot) => [slot.path, slot]));
  readonly cells = new Set<string>();
  readonly questions: Question[] = [];
  readonly broken = new Set<string>();
  readonly #rules: Rules;
  readonly #applied: { readonly command: Command; readonly slot: Slot; readonly from: number; readonly to: number }[] =
    [];

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  row(command: Command): Row {
    const paths = Object.values(this.#rules.commands[command.type].reads(command)).map(({ path }) => path);
    if ('actor' in command) paths.push(`participant/${command.actor}`);
    const reads = this.slots.filter(({ path }) => paths.includes(path));
    return { command, reads, changes: [] };
  }

  /** Asks the rules, checks the answer, and says how it changes the state. */
  answer({ command, reads }: Row, state: number): Change {
    const held = new Map(reads.map((slot) => [slot.path, slot.values[(state >> slot.shift) & slot.mask]]));
    const read = (path: string): StateValue | undefined => held.get(path)?.value;
    const told: Told = (path) => held.get(path)?.facts ?? nothing;
    const time = instants[state & TIME] ?? 0;
    const definition = this.#rules.commands[command.type];
    const verdict = this.#rules.judge({ command, definition }, time, ({ path }) => read(path));
    this.questions.push({ command, time, read, verdict });
    this.cells.add([command.type, verdict.outcome, 'code' in verdict ? verdict.code : ''].join(' ').trim());
    const applied = verdict.outcome === 'applied';
    const written = new Map(applied ? verdict.writes.map(({ key, value }) => [key.path, value]) : []);
    const after = new Map(applied ? factsAfter(command, told) : []);
    const broken = [...brokenPromises(command, time, verdict, told)];
    for (const path of after.keys()) if (!written.has(path)) broken.push('what is logged as applied is written');
    for (const [path, value] of written) broken.push(...brokenByWrite(command, read(path), value));
    for (const promise of broken) this.broken.add(`${command.type}: ${promise}`);
    // What breaks a promise is noted and not followed.
    if (broken.length > 0) return { clear: 0, set: 0, logged: false };
    let [clear, set] = [0, 0];
    for (const [path, value] of written) {
      const slot = this.byPath.get(path);
      if (slot === undefined) continue;
      const from = (state >> slot.shift) & slot.mask;
      const to = numberOf(slot, { value: saturated(value), facts: after.get(path) ?? told(path) });
      slot.edges[from]?.add(to);
      this.#applied.push({ command, slot, from, to });
      clear |= slot.mask << slot.shift;
      set |= to << slot.shift;
    }
    return { clear, set, logged: verdict.outcome !== 'rejected' };
  }

  /** A command that changed a slot must never find it as it was again: else a replay would be applied. */
  checkReplays(): void {
    for (const { command, slot, to } of this.#applied) {
      if ('expectedVersion' in command && command.expectedVersion === SATURATED) continue;
      if ('expectedKeyVersion' in command && command.expectedKeyVersion === SATURATED) continue;
      const reached = new Set([to]);
      for (const at of reached) for (const next of slot.edges[at] ?? []) reached.add(next);
      const again = this.#applied.some((one) => one.command === command && one.slot === slot && reached.has(one.from));
      if (again) this.broken.add(`${command.type}: a replay is never applied`);
    }
  }
}

/** Visits every state that these commands lead to, by default with the rules as they are shipped. */
export function explore(rules: Rules = { judge, commands }, letters: readonly Command[] = alphabet): Exploration {
  const explorer = new Explorer(rules);
  const rows = letters.map((command) => explorer.row(command));
  const bits = slots.reduce((sum, [, width]) => sum + width, 2);
  const visited = new Uint8Array(1 << (bits - 3));
  const queue: number[] = [0];
  visited[0] = 1;
  let [judged, logged] = [0, 0];
  const visit = (state: number): void => {
    const [byte, bit] = [state >> 3, 1 << (state & 7)];
    if (((visited[byte] ?? 0) & bit) !== 0) return;
    visited[byte] = (visited[byte] ?? 0) | bit;
    queue.push(state);
  };
  for (let next = 0; next < queue.length; next++) {
    const state = queue[next] ?? 0;
    for (const row of rows) {
      let index = state & TIME;
      for (const { shift, mask } of row.reads) index = index * (mask + 1) + ((state >> shift) & mask);
      const change = (row.changes[index] ??= explorer.answer(row, state));
      judged++;
      if (!change.logged) continue;
      logged++;
      if (change.clear !== 0) visit((state & ~change.clear) | change.set);
    }
    if ((state & TIME) < instants.length - 1) visit(state + 1);
  }
  explorer.checkReplays();
  const { cells, questions, broken } = explorer;
  return { states: queue.length, judged, logged, cells, questions, broken };
}
