import { concat } from '@medseal/protocol';
import { expectEqual, expectRejection, expectTrue } from '../suite/expect.ts';
import { absent, closed, exists, expectSameKeys, includes, type KeyStoreCase, secretsOf } from './secrets.ts';

const PASSPHRASE = 'correct horse battery staple';

/** What leaves the store, and what comes in. */
export const exportCases: readonly KeyStoreCase[] = [
  {
    name: 'exports keys, never with the same bytes, that another subject imports',
    run: async ({ keyStore }) => {
      const keys = await keyStore.generate('anna');
      const exported = await keyStore.export('anna', PASSPHRASE);
      expectTrue(String(await keyStore.export('anna', PASSPHRASE)) !== String(exported), 'two exports differ');
      const bare = secretsOf(keys).filter((secret) => includes(exported, secret));
      expectEqual(bare.length, 0, 'number of secrets in the clear');
      expectSameKeys(await keyStore.import('anna on her tablet', exported, PASSPHRASE), keys, 'the keys imported');
      expectSameKeys(await keyStore.unlock('anna on her tablet'), keys, 'the keys unlocked');
      expectSameKeys(await keyStore.unlock('anna'), keys, 'the keys of before');
    },
  },

  {
    name: 'imports nothing with a wrong passphrase',
    run: async ({ keyStore }) => {
      await keyStore.generate('anna');
      const exported = await keyStore.export('anna', PASSPHRASE);
      await expectRejection(keyStore.import('berta', exported, `${PASSPHRASE}!`), closed, 'a wrong passphrase');
      await expectRejection(keyStore.unlock('berta'), absent, 'unlock of what was not imported');
    },
  },

  {
    name: 'imports nothing of damaged bytes, with the same failure',
    run: async ({ keyStore }) => {
      await keyStore.generate('anna');
      const exported = await keyStore.export('anna', PASSPHRASE);
      const last = exported.length - 1;
      const flips = [0, 4, 5, 6, Math.floor(exported.length / 2), last];
      const damaged = [
        ...flips.map((at) => exported.with(at, (exported[at] ?? 0) ^ 0x80)),
        new Uint8Array(),
        exported.slice(0, last),
        concat(exported, Uint8Array.of(0)),
      ];
      for (const bytes of damaged)
        await expectRejection(keyStore.import('berta', bytes, PASSPHRASE), closed, 'damaged bytes');
      await expectRejection(keyStore.unlock('berta'), absent, 'unlock of what was not imported');
    },
  },

  {
    name: 'never imports over keys that are there, also not twice at once',
    run: async ({ keyStore }) => {
      await keyStore.generate('anna');
      const exported = await keyStore.export('anna', PASSPHRASE);
      const berta = await keyStore.generate('berta');
      await expectRejection(keyStore.import('berta', exported, PASSPHRASE), exists, 'import over other keys');
      expectSameKeys(await keyStore.unlock('berta'), berta, 'the keys of before');
      const both = [1, 2].map(() => keyStore.import('carla', exported, PASSPHRASE));
      const outcomes = (await Promise.allSettled(both)).map(({ status }) => status);
      expectEqual(outcomes.toSorted(), ['fulfilled', 'rejected'], 'outcomes of two imports at once');
    },
  },
];
