import type { Directory } from '@medseal/core/adapter';
import { bytesOf } from '../suite/bytes-of.ts';
import { expectEqual, expectRejection } from '../suite/expect.ts';
import { type DirectoryCase, read, record } from './slots.ts';

const reason = new Error('enough');

const calls: Readonly<Record<string, (directory: Directory, signal: AbortSignal) => Promise<unknown>>> = {
  put: (directory, signal) => directory.put('header', record, bytesOf(50, 2), { signal }),
  get: (directory, signal) => directory.get('header', record, { signal }),
  delete: (directory, signal) => directory.delete('header', record, { signal }),
};

/** Signals. */
export const callCases: readonly DirectoryCase[] = Object.entries(calls).map(([name, call]) => ({
  name: `${name} does nothing when aborted before`,
  run: async ({ directory }) => {
    await directory.put('header', record, bytesOf(50, 1));
    await expectRejection(call(directory, AbortSignal.abort(reason)), reason, `${name} with an aborted signal`);
    expectEqual(await read(directory, 'header', record), [bytesOf(50, 1)], 'the objects found');
  },
}));
