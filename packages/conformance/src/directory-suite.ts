import type { Directory, DirectoryKind } from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, rejectionOf } from './suite-helpers.ts';
import type { DirectoryDriver, DirectoryUnderTest, SuiteOptions } from './store-driver.ts';

const kinds: readonly DirectoryKind[] = ['keyDocument', 'header', 'ticket', 'terms', 'manifest'];
const record: Hex = `0x${'ab'.repeat(32)}`;
const person: Hex = `0x${'cd'.repeat(20)}`;

/** What every directory adapter must do, as vitest tests. Call it at the top of a test file. */
export function directorySuite(
  name: string,
  makeDriver: () => Promise<DirectoryDriver>,
  { timeout = 30_000, startTimeout = 60_000 }: SuiteOptions = {},
): void {
  describe(`${name} as a directory`, { timeout }, () => {
    let driver: DirectoryDriver;
    let tested: DirectoryUnderTest;
    beforeAll(async () => {
      driver = await makeDriver();
    }, startTimeout);
    afterAll(async () => {
      await driver[Symbol.asyncDispose]();
    }, startTimeout);
    beforeEach(async () => {
      tested = await driver.create();
    }, startTimeout);
    afterEach(async () => {
      await tested[Symbol.asyncDispose]();
    }, startTimeout);
    testObjects(() => tested.directory);
    testDeletion(() => tested.directory);
    testCalls(() => tested.directory);
  });
}

/** As plain bytes: an adapter may hand out a subclass. */
async function read(directory: Directory, kind: DirectoryKind, id: Hex): Promise<Uint8Array[]> {
  return (await directory.get(kind, id)).map((bytes) => Uint8Array.from(bytes));
}

function testObjects(tested: () => Directory): void {
  it.each([0, 1, 1000, 65_536])('gives an object of %i bytes back', async (size) => {
    await tested().put('header', record, bytesOf(size, 1));
    expect(await read(tested(), 'header', record)).toEqual([bytesOf(size, 1)]);
  });

  it('has none where none was put, which is no outage', async () => {
    expect(await read(tested(), 'header', record)).toEqual([]);
  });

  it('keeps several objects under one id, oldest first', async () => {
    const objects = [3, 1, 2].map((seed) => bytesOf(50, seed));
    for (const bytes of objects) await tested().put('ticket', person, bytes);
    expect(await read(tested(), 'ticket', person)).toEqual(objects);
  });

  it('changes nothing when the same bytes are put again', async () => {
    const objects = [1, 2].map((seed) => bytesOf(50, seed));
    for (const bytes of [...objects, ...objects]) await tested().put('ticket', person, bytes);
    expect(await read(tested(), 'ticket', person)).toEqual(objects);
  });

  it('keeps kinds and ids apart', async () => {
    const slots = kinds.flatMap((kind) => [record, person].map((id) => ({ kind, id })));
    for (const [seed, { kind, id }] of slots.entries()) await tested().put(kind, id, bytesOf(10, seed));
    for (const [seed, { kind, id }] of slots.entries())
      expect(await read(tested(), kind, id), `${kind} ${id}`).toEqual([bytesOf(10, seed)]);
  });

  it('loses nothing that is put at the same time', async () => {
    const objects = Array.from({ length: 12 }, (_, seed) => bytesOf(100, seed));
    await Promise.all(objects.map((bytes) => tested().put('manifest', record, bytes)));
    const found = await read(tested(), 'manifest', record);
    expect(found).toHaveLength(objects.length);
    for (const bytes of objects) expect(found).toContainEqual(bytes);
  });

  it('shares no memory with those who put and get', async () => {
    const bytes = bytesOf(50, 1);
    await tested().put('header', record, bytes);
    bytes.fill(0);
    for (const object of await tested().get('header', record)) object.fill(0);
    expect(await read(tested(), 'header', record)).toEqual([bytesOf(50, 1)]);
  });
}

function testDeletion(tested: () => Directory): void {
  it('deletes all objects of one kind under one id, and no others', async () => {
    for (const seed of [1, 2]) await tested().put('header', record, bytesOf(50, seed));
    await tested().put('header', person, bytesOf(50, 3));
    await tested().put('manifest', record, bytesOf(50, 4));
    await tested().delete('header', record);
    expect(await read(tested(), 'header', record)).toEqual([]);
    expect(await read(tested(), 'header', person)).toHaveLength(1);
    expect(await read(tested(), 'manifest', record)).toHaveLength(1);
  });

  it('deletes what is not there without a word, and takes again what was deleted', async () => {
    await expect(tested().delete('header', record)).resolves.toBeUndefined();
    await tested().put('header', record, bytesOf(50, 1));
    await tested().delete('header', record);
    await tested().put('header', record, bytesOf(50, 1));
    expect(await read(tested(), 'header', record)).toEqual([bytesOf(50, 1)]);
  });
}

function testCalls(tested: () => Directory): void {
  it('does nothing when aborted before', async () => {
    const reason = new Error('enough');
    const options = { signal: AbortSignal.abort(reason) };
    await tested().put('header', record, bytesOf(50, 1));
    expect(await rejectionOf(tested().put('header', record, bytesOf(50, 2), options))).toBe(reason);
    expect(await rejectionOf(tested().get('header', record, options))).toBe(reason);
    expect(await rejectionOf(tested().delete('header', record, options))).toBe(reason);
    expect(await read(tested(), 'header', record)).toEqual([bytesOf(50, 1)]);
  });
}
