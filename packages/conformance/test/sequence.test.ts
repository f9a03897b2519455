import { commands } from '@medseal/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellName, cells, commandSequence, sequencePlayer } from '../src/index.ts';
import { genesis, genesisWith, START } from './history.ts';

const PLAYING = { timeout: 240_000 };

test('the cells come from the definitions: all common codes and every own rule', () => {
  const names = cells.map(cellName);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, rules } of Object.values(commands))
    for (const [code, outcome] of rules)
      expect(names).toContain(`${name} ${outcome === 'reject' ? 'rejected' : 'violation'} ${code}`);
  expect(names).toContain('denyAccess rejected NOT_REGISTERED');
  expect(names).not.toContain('denyAccess rejected BANNED');
  expect(names).not.toContain('ban rejected NOT_REGISTERED');
  expect(names).toContain('unknown rejected MALFORMED');
});

test('an action that aims at a cell ends in that cell, with and without a second between steps', PLAYING, () => {
  expect.hasAssertions();
  fc.assert(
    fc.property(commandSequence({ minActions: 1 }), fc.constantFrom(0, 1), (actions, gap) => {
      const player = sequencePlayer(genesis, START, { gap });
      for (const action of actions) {
        const reached = player.play(action).at(-1)?.cell;
        expect(reached).toBe(action.kind === 'aim' ? cellName(action.cell) : reached);
      }
    }),
    { numRuns: 30, seed: 3 },
  );
});

test('ledgers with different domains get the same steps; time never steps back', PLAYING, () => {
  expect.hasAssertions();
  fc.assert(
    fc.property(commandSequence(), (actions) => {
      const players = [genesis, genesisWith('02')].map((one) => sequencePlayer(one, START));
      const [a, b] = players.map((player) => {
        for (const action of actions) player.play(action);
        return player.steps.map(({ cell, time, logged, wire }) => ({ cell, time, logged, bytes: wire.length }));
      });
      expect(a).toEqual(b);
      const times = a?.map(({ time }) => time);
      expect(times).toEqual(times?.toSorted((x, y) => x - y));
    }),
    { numRuns: 10, seed: 4 },
  );
});
