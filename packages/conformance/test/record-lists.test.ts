import { type Ledger, LedgerView, usedOutsideList } from '@medseal/core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type Action, commandSequence, type KnownList, recordListCells, sequencePlayer } from '../src/index.ts';
import { type Entry, genesis, isEntry, START } from './history.ts';
import { ListGhost } from './list-ghost.ts';

/** A ledger that holds these entries; a reader asks for nothing else. */
function ledgerOf(entries: readonly Entry[]): Ledger {
  const read = async function* (): AsyncGenerator {
    for (const [index, { time, wire, verdict }] of entries.entries())
      yield { cursor: `${index}`, time, wire, violation: verdict.outcome === 'violation' ? verdict.code : undefined };
  };
  return { genesis, entries: read } as unknown as Ledger;
}

interface Played {
  readonly lists: readonly KnownList[];
  readonly view: LedgerView;
  readonly ghost: ListGhost;
}

async function play(actions: readonly Action[]): Promise<Played> {
  const player = sequencePlayer(genesis, START);
  for (const action of actions) player.play(action);
  const entries = player.steps.filter(isEntry);
  const { lists } = player;
  const ghost = new ListGhost(lists);
  const seen = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    if (!seen.has(entry.id)) ghost.enter(entry, index);
    seen.add(entry.id);
  }
  const view = new LedgerView(ledgerOf(entries));
  await view.sync();
  return { lists, view, ghost };
}

/** Few: a reader recovers the signers of all entries, which is slow. */
const RUNS = { numRuns: 12, seed: 20_261_121 };
const played: Played[] = [];
beforeAll(async () => {
  for (const actions of fc.sample(commandSequence({ aimAt: recordListCells }), RUNS)) played.push(await play(actions));
}, 240_000);

test('who was not told a list leaves open what is on it; who was told says it, and marks the log alike', () => {
  for (const { lists, view, ghost } of played) {
    const uses = view.entries.filter(({ index }) => ghost.answers.has(index));
    const marks = uses.map(({ holder, unchecked }) => ({ holder, unchecked }));
    for (const { holder, unchecked } of marks) {
      expect(holder).not.toContain('OUT_OF_SCOPE');
      expect(unchecked).toContain('OUT_OF_SCOPE');
    }
    for (const use of uses) expect(usedOutsideList(view, use)).toBeUndefined();
    for (const { bytes, scope } of lists) expect(view.learnRecords(bytes)).toBe(scope);
    for (const use of uses) expect(usedOutsideList(view, use)).toBe(ghost.answers.get(use.index) === 'outside');
    expect(uses.map(({ holder, unchecked }) => ({ holder, unchecked }))).toEqual(marks);
  }
});

test('the revocation of a list moves no epoch, and that of a compartment moves its own by one', () => {
  for (const { view, ghost } of played)
    for (const { owner, compartment } of view.records())
      expect(view.epoch(owner, compartment)).toBe(1 + (ghost.moved.get(`${owner} ${compartment}`) ?? 0));
});

test('the sequences reach what these promises are about', () => {
  const all = played.map(({ ghost }) => ghost);
  const answers = all.flatMap((ghost) => [...ghost.answers.values()]);
  const moved = all.flatMap((ghost) => [...ghost.moved.values()]);
  const count = {
    inside: answers.filter((answer) => answer === 'inside').length,
    outside: answers.filter((answer) => answer === 'outside').length,
    listGrants: sum(all.map(({ listGrants }) => listGrants)),
    listRevocations: sum(all.map(({ listRevocations }) => listRevocations)),
    epochs: sum(moved),
  };
  expect(Object.entries(count).filter(([, number]) => number < 3)).toEqual([]);
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
