import type { Directory } from '@medseal/core/adapter';
import { needsOutage, needsStall, whileCutOff } from '../drivers/disturbances.ts';
import type { DirectoryUnderTest } from '../drivers/store-driver.ts';
import { expectNoBegin, expectPromptAbort } from '../suite/abort.ts';
import { bytesOf } from '../suite/bytes-of.ts';
import { expectEqual, expectRejection } from '../suite/expect.ts';
import { type DirectoryCase, read, record } from './slots.ts';

const calls: Readonly<Record<string, (directory: Directory, signal?: AbortSignal) => Promise<unknown>>> = {
  put: (directory, signal) => directory.put('header', record, bytesOf(50, 2), { signal }),
  get: (directory, signal) => directory.get('header', record, { signal }),
  delete: (directory, signal) => directory.delete('header', record, { signal }),
};

/** A call in vain leaves the one object that there was. */
function inVain(attempt: (tested: DirectoryUnderTest) => Promise<unknown>): DirectoryCase['run'] {
  return async (tested) => {
    await tested.directory.put('header', record, bytesOf(50, 1));
    await attempt(tested);
    expectEqual(await read(tested.directory, 'header', record), [bytesOf(50, 1)], 'the objects found');
  };
}

/** Signals and outages. */
export const callCases: readonly DirectoryCase[] = Object.entries(calls).flatMap(([name, call]): DirectoryCase[] => [
  {
    name: `${name} does nothing when aborted before`,
    run: inVain(({ directory }) => expectNoBegin((signal) => call(directory, signal), name)),
  },
  {
    name: `${name} ends at once when aborted while the backend is silent`,
    requires: (tested) => needsStall(tested, name),
    run: inVain((tested) => expectPromptAbort(tested, (signal) => call(tested.directory, signal), name)),
  },
  {
    name: `${name} tells an outage from absence`,
    requires: (tested) => needsOutage(tested, name),
    run: inVain((tested) => {
      const outage = { name: 'StoreUnavailableError', code: 'STORE_UNAVAILABLE', retryable: true };
      return whileCutOff(tested, () => expectRejection(call(tested.directory), outage, `${name} during an outage`));
    }),
  },
]);
