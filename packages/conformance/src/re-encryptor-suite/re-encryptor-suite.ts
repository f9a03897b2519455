import { expectEqual, expectTrue } from '../suite/expect.ts';
import type { Suite } from '../suite/suite.ts';
import { alterations, combine, context, delegate, expectThrow, otherContext, reencryptAll } from './delegation.ts';
import type { ReEncryptorCase } from './delegation.ts';
import type { ReEncryptorDriver, ReEncryptorUnderTest } from './re-encryptor-driver.ts';

const cases: readonly ReEncryptorCase[] = [
  {
    name: 'makes keys, capsules and fragments anew each time',
    run: async ({ reEncryptor: r }) => {
      const { publicKey } = r.generateKeys();
      const capsules = [1, 2].map(() => r.encapsulate(publicKey, context));
      expectEqual(new Set(capsules.map(({ capsule }) => String(capsule))).size, 2, 'number of different capsules');
      expectEqual(new Set(capsules.map(({ key }) => String(key))).size, 2, 'number of different keys in them');
      const { fragments } = delegate(r);
      expectEqual(new Set(fragments.map(String)).size, 3, 'number of different fragments');
    },
  },

  {
    name: 'gives the delegator the key of a capsule, and nobody else',
    run: async ({ reEncryptor: r }) => {
      const { delegating, sealed } = delegate(r);
      expectEqual(r.decapsulate(delegating.secret, sealed.capsule), sealed.key, 'the key');
      const other = r.decapsulate(r.generateKeys().secret, sealed.capsule);
      expectTrue(String(other) !== String(sealed.key), 'another secret gives another key');
    },
  },

  {
    name: 'verifies a capsule for one delegating key and one context',
    run: async ({ reEncryptor: r }) => {
      const { sealed, keys } = delegate(r);
      r.verifyCapsule(sealed, keys.delegatingKey, context);
      await expectThrow(() => r.verifyCapsule(sealed, keys.receivingKey, context), 'a capsule for another key');
      await expectThrow(() => r.verifyCapsule(sealed, keys.delegatingKey, otherContext), 'another context');
      const { proof } = r.encapsulate(keys.delegatingKey, context);
      await expectThrow(
        () => r.verifyCapsule({ ...sealed, proof }, keys.delegatingKey, context),
        'the proof of another capsule',
      );
    },
  },

  {
    name: 'takes no altered capsule and no altered proof',
    run: async ({ reEncryptor: r }) => {
      const { sealed, keys } = delegate(r);
      const verify = (altered: Partial<typeof sealed>) => () =>
        r.verifyCapsule({ ...sealed, ...altered }, keys.delegatingKey, context);
      for (const capsule of alterations(sealed.capsule)) await expectThrow(verify({ capsule }), 'an altered capsule');
      for (const proof of alterations(sealed.proof)) await expectThrow(verify({ proof }), 'an altered proof');
    },
  },

  {
    name: 'opens with every set of enough fragments, and with all of them',
    run: async ({ reEncryptor: r }) => {
      for (const [threshold, shares] of [
        [1, 1],
        [2, 3],
        [3, 5],
      ] as const) {
        const delegation = delegate(r, threshold, shares);
        const given = reencryptAll(r, delegation);
        expectEqual(given.length, shares, 'number of fragments');
        for (const start of given.keys()) {
          const some = Array.from({ length: threshold }, (_, index) => given[(start + index) % shares]);
          const key = combine(
            r,
            delegation,
            some.filter((one) => one !== undefined),
          );
          expectEqual(key, delegation.sealed.key, `the key from ${threshold} of ${shares}`);
        }
        expectEqual(combine(r, delegation, given), delegation.sealed.key, 'the key from all');
      }
    },
  },

  {
    name: 'does not open with too few fragments, nor with one counted twice',
    run: async ({ reEncryptor: r }) => {
      const delegation = delegate(r, 2, 3);
      const [first] = reencryptAll(r, delegation);
      const few = first === undefined ? [] : [[], [first], [first, first]];
      for (const some of few) await expectThrow(() => combine(r, delegation, some), `${some.length} fragments`);
    },
  },

  {
    name: 're-encrypts under fragments of the keys that it was told, and no others',
    run: async ({ reEncryptor: r }) => {
      const [own, other] = [delegate(r), delegate(r)];
      const [fragment] = own.fragments;
      if (fragment === undefined) return;
      for (const name of ['delegatingKey', 'receivingKey', 'verifyingKey'] as const) {
        const keys = { ...own.keys, [name]: other.keys[name] };
        await expectThrow(() => r.reencrypt(own.sealed.capsule, fragment, keys), `another ${name}`);
      }
    },
  },

  {
    name: 're-encrypts under no altered fragment, and no altered capsule',
    run: async ({ reEncryptor: r }) => {
      const { sealed, fragments, keys } = delegate(r);
      const [fragment = new Uint8Array()] = fragments;
      for (const altered of alterations(fragment))
        await expectThrow(() => r.reencrypt(sealed.capsule, altered, keys), 'an altered key fragment');
      for (const altered of alterations(sealed.capsule))
        await expectThrow(() => r.reencrypt(altered, fragment, keys), 'an altered capsule');
    },
  },

  {
    name: 'combines fragments of this capsule and these keys only',
    run: async ({ reEncryptor: r }) => {
      const [own, other] = [delegate(r), delegate(r)];
      const given = reencryptAll(r, own);
      await expectThrow(() => combine(r, own, reencryptAll(r, other)), 'fragments of another delegation');
      await expectThrow(() => combine(r, own, given, { capsule: other.sealed.capsule }), 'another capsule');
      await expectThrow(() => combine(r, own, given, { receivingSecret: other.receiving.secret }), 'another receiver');
      for (const name of ['delegatingKey', 'verifyingKey'] as const)
        await expectThrow(() => combine(r, own, given, { [name]: other.keys[name] }), `another ${name}`);
      const again = r.encapsulate(own.keys.delegatingKey, context);
      await expectThrow(() => combine(r, own, given, { capsule: again.capsule }), 'another capsule of the same keys');
    },
  },

  {
    name: 'combines no altered fragment',
    run: async ({ reEncryptor: r }) => {
      const delegation = delegate(r);
      const [first = new Uint8Array(), second = new Uint8Array()] = reencryptAll(r, delegation);
      for (const altered of alterations(first))
        await expectThrow(() => combine(r, delegation, [altered, second]), 'an altered fragment');
    },
  },
];

/** What threshold proxy re-encryption must do. */
export const reEncryptorSuite: Suite<ReEncryptorDriver, ReEncryptorUnderTest> = {
  port: 're-encryptor',
  open: (driver) => driver.create(),
  cases,
};
