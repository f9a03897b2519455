import { bytesOf } from '../suite/bytes-of.ts';
import { expectEqual } from '../suite/expect.ts';
import { type DirectoryCase, directoryKinds, person, read, record } from './slots.ts';

const byFirstByte = (a: Uint8Array, b: Uint8Array): number => (a[0] ?? 0) - (b[0] ?? 0);

/** What is put is found, and only where it was put. */
export const objectCases: readonly DirectoryCase[] = [
  ...[0, 1, 1000, 65_536].map((size): DirectoryCase => ({
    name: `gives an object of ${size} bytes back`,
    run: async ({ directory }) => {
      await directory.put('header', record, bytesOf(size, 1));
      expectEqual(await read(directory, 'header', record), [bytesOf(size, 1)], 'the objects found');
    },
  })),

  {
    name: 'has none where none was put, which is no outage',
    run: async ({ directory }) => {
      expectEqual(await read(directory, 'header', record), [], 'the objects found');
    },
  },

  {
    name: 'keeps several objects under one id, oldest first',
    run: async ({ directory }) => {
      const objects = [3, 1, 2].map((seed) => bytesOf(50, seed));
      for (const bytes of objects) await directory.put('ticket', person, bytes);
      expectEqual(await read(directory, 'ticket', person), objects, 'the objects found');
    },
  },

  {
    name: 'changes nothing when the same bytes are put again',
    run: async ({ directory }) => {
      const objects = [1, 2].map((seed) => bytesOf(50, seed));
      for (const bytes of [...objects, ...objects]) await directory.put('ticket', person, bytes);
      expectEqual(await read(directory, 'ticket', person), objects, 'the objects found');
    },
  },

  {
    name: 'keeps kinds and ids apart',
    run: async ({ directory }) => {
      const slots = directoryKinds.flatMap((kind) => [record, person].map((id) => ({ kind, id })));
      for (const [seed, { kind, id }] of slots.entries()) await directory.put(kind, id, bytesOf(10, seed));
      for (const [seed, { kind, id }] of slots.entries())
        expectEqual(await read(directory, kind, id), [bytesOf(10, seed)], `the objects of ${kind} ${id}`);
    },
  },

  {
    name: 'loses nothing that is put at the same time',
    run: async ({ directory }) => {
      const objects = Array.from({ length: 12 }, (_, index) => Uint8Array.of(index, ...bytesOf(100, index)));
      await Promise.all(objects.map((bytes) => directory.put('manifest', record, bytes)));
      const found = await read(directory, 'manifest', record);
      expectEqual(found.toSorted(byFirstByte), objects, 'the objects found, in any order');
    },
  },

  {
    name: 'shares no memory with those who put and get',
    run: async ({ directory }) => {
      const bytes = bytesOf(50, 1);
      await directory.put('header', record, bytes);
      bytes.fill(0);
      for (const object of await directory.get('header', record)) object.fill(0);
      expectEqual(await read(directory, 'header', record), [bytesOf(50, 1)], 'the objects found');
    },
  },

  {
    name: 'has its objects, in order, after a restart',
    requires: (tested) => (tested.reopen === undefined ? 'its objects live as long as the process' : undefined),
    run: async (tested) => {
      const objects = [3, 1, 2].map((seed) => bytesOf(50, seed));
      for (const bytes of objects) await tested.directory.put('ticket', person, bytes);
      await using again = await tested.reopen?.();
      if (again === undefined) return;
      expectEqual(await read(again, 'ticket', person), objects, 'the objects found');
      await again.put('ticket', person, bytesOf(50, 0));
      expectEqual((await read(again, 'ticket', person)).length, 4, 'number of objects after another put');
    },
  },

  {
    name: 'deletes all objects of one kind under one id, and no others',
    run: async ({ directory }) => {
      for (const seed of [1, 2]) await directory.put('header', record, bytesOf(50, seed));
      await directory.put('header', person, bytesOf(50, 3));
      await directory.put('manifest', record, bytesOf(50, 4));
      await directory.delete('header', record);
      expectEqual(await read(directory, 'header', record), [], 'the objects deleted');
      expectEqual((await read(directory, 'header', person)).length, 1, 'objects of the same kind, another id');
      expectEqual((await read(directory, 'manifest', record)).length, 1, 'objects of another kind, the same id');
    },
  },

  {
    name: 'deletes what is not there without a word, and takes again what was deleted',
    run: async ({ directory }) => {
      expectEqual(await directory.delete('header', record), undefined, 'delete of what is not there');
      await directory.put('header', record, bytesOf(50, 1));
      await directory.delete('header', record);
      await directory.put('header', record, bytesOf(50, 1));
      expectEqual(await read(directory, 'header', record), [bytesOf(50, 1)], 'the objects found');
    },
  },
];
