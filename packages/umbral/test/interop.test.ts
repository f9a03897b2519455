/** Exchanges objects with the peers in both directions: whatever ours writes theirs must read, and the other way round. */
import { describe, expect, it } from 'vitest';
import * as umbral from '../src/index.ts';
import { type Contender, medseal, peers, type Sealed } from './contender.ts';
import { codeOf, firstOf } from './parties.ts';

const plaintext = new TextEncoder().encode('a data key of thirty-two bytes..');
const flags: readonly (readonly [delegating: boolean, receiving: boolean])[] = [
  [true, true],
  [true, false],
  [false, true],
  [false, false],
];
const small: readonly (readonly [number, number])[] = [
  [1, 1],
  [1, 2],
  [2, 3],
  [3, 5],
];
const cases = [
  ...small.flatMap(([threshold, shares]) => flags.map((signed) => ({ threshold, shares, signed }))),
  { threshold: 5, shares: 8, signed: [true, false] as const },
  { threshold: 16, shares: 30, signed: [true, true] as const },
];

const secret = (): Uint8Array => umbral.secretKeyToBytes(umbral.generateSecretKey());
const secrets = { delegating: secret(), receiving: secret(), signing: secret() };
const keys = {
  delegatingKey: medseal.publicKeyOf(secrets.delegating),
  receivingKey: medseal.publicKeyOf(secrets.receiving),
  verifyingKey: medseal.publicKeyOf(secrets.signing),
  receivingSecret: secrets.receiving,
};

type Case = (typeof cases)[number];

/** One encrypts and delegates, proxies of both kinds answer in turn. */
function exchange(
  maker: Contender,
  other: Contender,
  c: Case,
): { sealed: Sealed; kfrags: Uint8Array[]; cfrags: Uint8Array[] } {
  const [signDelegatingKey, signReceivingKey] = c.signed;
  const sealed = maker.encrypt(keys.delegatingKey, plaintext);
  const kfrags = maker.delegate({
    delegatingSecret: secrets.delegating,
    receivingKey: keys.receivingKey,
    signingSecret: secrets.signing,
    threshold: c.threshold,
    shares: c.shares,
    signDelegatingKey,
    signReceivingKey,
  });
  const signed = {
    verifyingKey: keys.verifyingKey,
    delegatingKey: signDelegatingKey ? keys.delegatingKey : undefined,
    receivingKey: signReceivingKey ? keys.receivingKey : undefined,
  };
  const answering = kfrags.slice(-c.threshold);
  const cfrags = answering.map((kfrag, i) => (i % 2 === 0 ? other : maker).reencrypt(sealed.capsule, kfrag, signed));
  return { sealed, kfrags, cfrags };
}

describe.each(peers)('with $name', (peer) => {
  const pairs = [
    { maker: medseal, reader: peer },
    { maker: peer, reader: medseal },
  ];

  it('agrees on public keys, both forms of a capsule, and signatures', () => {
    for (const one of Object.values(secrets)) expect(medseal.publicKeyOf(one)).toEqual(peer.publicKeyOf(one));
    for (const { maker, reader } of pairs) {
      const { capsule } = maker.encrypt(keys.delegatingKey, plaintext);
      expect(reader.simpleCapsule(capsule)).toEqual(maker.simpleCapsule(capsule));
      const signature = maker.sign(secrets.signing, plaintext);
      expect(reader.isSigned(keys.verifyingKey, plaintext, signature)).toBe(true);
      expect(reader.isSigned(keys.receivingKey, plaintext, signature)).toBe(false);
    }
  });

  it.each([0, 1, 32, 1000])('opens, as the owner, %i bytes that the other encrypted', (length) => {
    const message = new Uint8Array(length).fill(7);
    for (const { maker, reader } of pairs) {
      const sealed = maker.encrypt(keys.delegatingKey, message);
      expect(reader.openOriginal(secrets.delegating, sealed)).toEqual(message);
      expect(sealed.ciphertext).toHaveLength(length + 40);
      expect(() => reader.openOriginal(secrets.receiving, sealed)).toThrow();
    }
  });

  it('reads the capsule of a proven encapsulation as an ordinary one', () => {
    const delegatingKey = umbral.publicKeyFromBytes(keys.delegatingKey);
    const { capsule } = umbral.encapsulate(delegatingKey, { context: Uint8Array.of(1) });
    expect(peer.simpleCapsule(umbral.capsuleToBytes(capsule))).toEqual(umbral.capsuleToSimpleBytes(capsule));
  });

  describe.each(cases)('$threshold of $shares, keys signed $signed', (c) => {
    it.each(pairs)('$maker.name encrypts and delegates', ({ maker, reader }) => {
      const { sealed, kfrags, cfrags } = exchange(maker, reader, c);
      expect(reader.open(keys, sealed, cfrags)).toEqual(plaintext);
      expect(maker.open(keys, sealed, cfrags)).toEqual(plaintext);
      const few = cfrags.slice(1);
      const expected = c.threshold === 1 ? 'NOT_ENOUGH_FRAGMENTS' : 'DECRYPTION_FAILED';
      expect(codeOf(() => medseal.open(keys, sealed, few))).toBe(expected);
      expect(() => peer.open(keys, sealed, few)).toThrow();
      for (const kfrag of kfrags) expect(reader.copyKFrag(kfrag)).toEqual(kfrag);
      for (const cfrag of cfrags) expect(reader.copyCFrag(cfrag)).toEqual(cfrag);
    });
  });
});

it('three implementations take part in one delegation', () => {
  const [first, second] = peers;
  if (first === undefined || second === undefined) throw new Error('no peers');
  const { sealed, kfrags } = exchange(medseal, first, { threshold: 3, shares: 3, signed: [true, true] });
  const cfrags = [medseal, first, second].map((proxy, i) =>
    proxy.reencrypt(sealed.capsule, firstOf(kfrags.slice(i)), keys),
  );
  for (const one of [medseal, first, second]) expect(one.open(keys, sealed, cfrags)).toEqual(plaintext);
});

it('every object has the size it has with the peers', () => {
  const { sealed, kfrags, cfrags } = exchange(medseal, medseal, { threshold: 1, shares: 1, signed: [true, true] });
  const sizes = [sealed.capsule, medseal.simpleCapsule(sealed.capsule), ...kfrags, ...cfrags].map(
    ({ length }) => length,
  );
  expect(sizes).toEqual([105, 98, 310, 381]);
});
