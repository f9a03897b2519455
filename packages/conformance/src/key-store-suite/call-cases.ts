import type { KeyStore } from '@medseal/core';
import { needsOutage, needsStall, whileCutOff } from '../drivers/disturbances.ts';
import type { KeyStoreUnderTest } from '../drivers/key-store-driver.ts';
import { expectNoBegin, expectPromptAbort } from '../suite/abort.ts';
import { expectRejection, expectTrue } from '../suite/expect.ts';
import { absent, expectSameKeys, type KeyStoreCase } from './secrets.ts';

type Call = (keyStore: KeyStore, exported: Uint8Array, signal?: AbortSignal) => Promise<unknown>;

const calls: Readonly<Record<string, Call>> = {
  generate: (keyStore, _, signal) => keyStore.generate('berta', { signal }),
  unlock: (keyStore, _, signal) => keyStore.unlock('anna', { signal }),
  export: (keyStore, _, signal) => keyStore.export('anna', 'passphrase', { signal }),
  import: (keyStore, exported, signal) => keyStore.import('berta', exported, 'passphrase', { signal }),
};

/** Another key store on the same backend where there can be one: it is open, and holds nobody's keys in memory. */
async function freshOf(tested: KeyStoreUnderTest): Promise<KeyStore> {
  const fresh = (await tested.reopen?.()) ?? tested.keyStore;
  await expectRejection(fresh.unlock('nobody'), absent, 'unlock of keys never made');
  return fresh;
}

/** A call in vain leaves anna's keys and makes none for berta. */
function inVain(
  name: string,
  call: Call,
  attempt: (tested: KeyStoreUnderTest, begin: (signal?: AbortSignal) => Promise<unknown>) => Promise<void>,
): KeyStoreCase['run'] {
  return async (tested) => {
    const { keyStore } = tested;
    const keys = await keyStore.generate('anna');
    const exported = name === 'import' ? await keyStore.export('anna', 'passphrase') : new Uint8Array();
    const fresh = await freshOf(tested);
    await attempt(tested, (signal) => call(fresh, exported, signal));
    expectSameKeys(await keyStore.unlock('anna'), keys, 'the keys of before');
    await expectRejection(keyStore.unlock('berta'), absent, 'unlock of keys never made');
  };
}

/** Signals and outages. */
export const callCases: readonly KeyStoreCase[] = Object.entries(calls).flatMap(([name, call]): KeyStoreCase[] => [
  {
    name: `${name} does nothing when aborted before`,
    run: inVain(name, call, (_, begin) => expectNoBegin(begin, name)),
  },
  {
    name: `${name} ends at once when aborted while the backend is silent`,
    requires: (tested) => needsStall(tested, name),
    run: inVain(name, call, (tested, begin) => expectPromptAbort(tested, begin, name)),
  },
  {
    name: `${name} tells an outage from absence`,
    requires: (tested) => needsOutage(tested, name),
    run: inVain(name, call, async (tested, begin) => {
      const error = await whileCutOff(tested, () => expectRejection(begin(), {}, `${name} during an outage`));
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      expectTrue(code !== 'ABSENT' && code !== 'KEYS_EXIST', 'an outage is neither absence nor presence', error);
    }),
  },
]);
