import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TailWriter, requireAll, tailWorld } from '../../../test/tail-writer.ts';
import { LedgerCorruptError } from '../errors.ts';
import { decodeChanges, encodeChanges } from './commit-changes.ts';
import { Tail } from './tail.ts';

test('tables with what is held over them are those of the whole log, for whoever follows', () => {
  const batches = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(batches, fc.integer({ min: 1, max: 9 }), (sizes, every) => {
      const world = tailWorld();
      const { tables } = world;
      const writer = new TailWriter(world);
      const follower = new Tail(tables);
      for (const [i, size] of sizes.entries()) {
        writer.commit(size);
        if (i % every === 0) requireAll(follower, writer);
      }
      requireAll(writer.tail, writer);
      requireAll(follower, writer);
      requireAll(new Tail(tables), writer);
    }),
    { numRuns: 30 },
  );
});

test('who only follows does not hold more and more', () => {
  const world = tailWorld();
  const { tables } = world;
  const writer = new TailWriter(world);
  const follower = new Tail(tables, 100);
  for (let n = 0; n < 400; n++) {
    writer.commit(1);
    follower.follow(writer.size);
    expect(follower.ids.held).toBeLessThan(102);
  }
  requireAll(follower, writer);
});

const damages = {
  'the first is gone': 'DELETE FROM commits WHERE size = (SELECT min(size) FROM commits)',
  'one is gone': 'DELETE FROM commits WHERE size = (SELECT size FROM commits ORDER BY size LIMIT 1 OFFSET 3)',
  'the last is gone': 'DELETE FROM commits WHERE size = (SELECT max(size) FROM commits)',
  'one stands elsewhere': 'UPDATE commits SET size = 1000 WHERE size = (SELECT max(size) FROM commits)',
  'one is altered': `UPDATE commits SET changes = cast(substr(changes, 1, 40) || x'00' || substr(changes, 42) AS BLOB) WHERE size = (SELECT size FROM commits ORDER BY size LIMIT 1 OFFSET 3)`,
  'one is cut': `UPDATE commits SET changes = x'00' WHERE size = (SELECT max(size) FROM commits)`,
};

test.for(Object.entries(damages))('does not follow when %s', ([, sql]) => {
  const world = tailWorld();
  const { database, tables } = world;
  const writer = new TailWriter(world);
  for (let n = 0; n < 60; n++) writer.commit(1);
  expect(writer.tail.carried).toBeGreaterThan(0);
  expect(database.prepare(sql).run().changes).toBe(1);
  const tail = new Tail(tables);
  for (let again = 0; again < 2; again++) expect(() => tail.follow(60)).toThrow(LedgerCorruptError);
});

test('changes come back as they were written, for their own size only', () => {
  const name = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
  const number = fc.nat({ max: 2 ** 40 });
  fc.assert(
    fc.property(
      fc.record({
        from: number,
        carried: number,
        ids: fc.array(fc.tuple(name, number)).map((ids) => new Map(ids)),
        state: fc.array(fc.tuple(name, fc.uint8Array({ minLength: 32, maxLength: 32 }))).map((state) => new Map(state)),
      }),
      number,
      (changes, size) => {
        const bytes = encodeChanges(size, changes);
        expect(decodeChanges(size, bytes)).toEqual(changes);
        // It names the last entry of the commit.
        expect(() => decodeChanges(size + 1, bytes)).toThrow(`(entry ${size})`);
      },
    ),
  );
});
