import { addressOfPublicKey } from '@medseal/protocol';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { expectEqual, expectMatch, expectRejection, expectTrue } from '../suite/expect.ts';
import { absent, exists, expectSameKeys, includes, type KeyStoreCase, secretsOf } from './secrets.ts';

/** Names that a login may call a user, and that a store might take for one another or for a path. */
const subjects = ['anna', 'Anna', 'anna ', 'a/b', 'a', '../a', 'a%2Fb', 'Zoë', 'Zoe\u0308', 'a\0b', 'x'.repeat(300)];

/** Keys are made once, found again, and never written over. */
export const keyCases: readonly KeyStoreCase[] = [
  {
    name: 'makes four independent secrets, and an address that goes with them',
    run: async ({ keyStore }) => {
      const keys = await keyStore.generate('anna');
      const secrets = secretsOf(keys);
      expectEqual(
        secrets.map((secret) => secret.length),
        [32, 32, 32, 32],
        'lengths of the secrets',
      );
      expectEqual(new Set(secrets.map(String)).size, 4, 'number of different secrets');
      const address = addressOfPublicKey(secp256k1.getPublicKey(keys.signingSecret));
      expectEqual([keys.address, keys.signer.address], [address, address], 'addresses of keys and signer');
    },
  },

  {
    name: 'gives the same keys again, to each subject its own, whatever its name',
    run: async ({ keyStore }) => {
      const made = [];
      for (const subject of subjects) made.push(await keyStore.generate(subject));
      expectEqual(new Set(made.map(({ address }) => address)).size, subjects.length, 'number of different addresses');
      for (const [index, subject] of subjects.entries()) {
        const keys = made[index];
        if (keys !== undefined)
          expectSameKeys(await keyStore.unlock(subject), keys, `keys of ${JSON.stringify(subject)}`);
      }
    },
  },

  {
    name: 'has no keys of somebody unknown',
    run: async ({ keyStore }) => {
      await keyStore.generate('anna');
      await expectRejection(keyStore.unlock('berta'), absent, 'unlock of an unknown subject');
      await expectRejection(keyStore.export('berta', 'passphrase'), absent, 'export of an unknown subject');
    },
  },

  {
    name: 'never makes keys over those that are there',
    run: async ({ keyStore }) => {
      const keys = await keyStore.generate('anna');
      await expectRejection(keyStore.generate('anna'), exists, 'the second generate');
      expectSameKeys(await keyStore.unlock('anna'), keys, 'the keys of before');
    },
  },

  {
    name: 'makes one set of keys, however often it is asked at once',
    run: async ({ keyStore }) => {
      const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => keyStore.generate('anna')));
      const made = outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value);
      expectEqual(made.length, 1, 'number of calls that made keys');
      const failures = outcomes
        .filter((outcome) => outcome.status === 'rejected')
        .map(({ reason }) => reason as unknown);
      for (const failure of failures) expectMatch(failure, exists, 'each of the others');
      const [keys] = made;
      if (keys !== undefined) expectSameKeys(await keyStore.unlock('anna'), keys, 'the keys that lie there');
    },
  },

  {
    name: 'finds its keys again after a restart, and still makes none over them',
    requires: (tested) => (tested.reopen === undefined ? 'its keys live as long as the process' : undefined),
    run: async (tested) => {
      const keys = await tested.keyStore.generate('anna');
      await using again = await tested.reopen?.();
      if (again === undefined) return;
      expectSameKeys(await again.unlock('anna'), keys, 'the keys after a restart');
      await expectRejection(again.generate('anna'), exists, 'generate after a restart');
    },
  },

  {
    name: 'leaves no secret in the clear at its backend',
    requires: (tested) => (tested.atRest === undefined ? 'nothing rests at a backend' : undefined),
    run: async (tested) => {
      const secrets = secretsOf(await tested.keyStore.generate('anna'));
      const resting = (await tested.atRest?.()) ?? [];
      expectTrue(resting.length > 0, 'something rests at the backend', resting.length);
      const bare = secrets.filter((secret) => resting.some((bytes) => includes(bytes, secret)));
      expectEqual(bare.length, 0, 'number of secrets in the clear');
    },
  },
];
