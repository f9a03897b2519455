import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commitsLeft, type Fate, object, requireAll, tailWorld, TailWriter } from '../../../test/tail-writer.ts';
import { Tail } from './tail.ts';

test('what was carried over needs no commits any more', () => {
  const world = tailWorld();
  const writer = new TailWriter(world);
  for (let n = 0; n < 400; n++) {
    writer.commit(1);
    // Two passes at most: 20 changes begin one, and it is done before as many have come.
    expect(writer.tail.ids.held).toBeLessThan(60);
    expect(commitsLeft(world)).toBeLessThan(60);
  }
  expect(writer.tail.carried).toBeGreaterThan(340);
  requireAll(new Tail(world.tables), writer);
});

test('holds no more and more when each command changes several objects', () => {
  const world = tailWorld();
  const writer = new TailWriter(world, { objectsOf: (seq) => [object(2 * seq), object(2 * seq + 1)] });
  for (let n = 0; n < 400; n++) {
    writer.commit(1 + (n % 3));
    expect(writer.tail.held).toBeLessThan(80);
    expect(commitsLeft(world)).toBeLessThan(40);
  }
  requireAll(new Tail(world.tables), writer);
});

test('loses nothing when commits that carry over fail, and reads right before the next', () => {
  const fate = fc.constantFrom<Fate>('done', 'done', 'done', 'undone', 'unheard');
  const commits = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fate), { minLength: 10, maxLength: 40 });
  fc.assert(
    fc.property(commits, fc.integer({ min: 1, max: 9 }), (made, every) => {
      const world = tailWorld();
      // Objects of their own, so that their table is divided as well.
      const writer = new TailWriter(world, { objectsOf: (seq) => [object(seq), object(seq >> 1)] });
      for (const [i, [commands, what]] of made.entries()) {
        writer.commit(commands, what);
        if (i % every === 0) requireAll(writer.tail, writer);
      }
      requireAll(writer.tail, writer);
      requireAll(new Tail(world.tables), writer);
    }),
    { numRuns: 30 },
  );
});
