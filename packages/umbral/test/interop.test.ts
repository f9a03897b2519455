/**
 * Exchanges objects with umbral-pre 0.10.0 (Rust compiled to wasm, GPL-3.0, a dependency of this test only) in both
 * directions. Whatever ours writes theirs must read, and the other way round.
 */
import * as theirs from '@nucypher/umbral-pre';
import { describe, expect, it } from 'vitest';
import * as ours from '../src/index.ts';

const plaintext = new TextEncoder().encode('a data key of thirty-two bytes..');
const thresholds: readonly (readonly [number, number])[] = [
  [1, 1],
  [2, 3],
  [3, 5],
];
const flags: readonly (readonly [boolean, boolean])[] = [
  [true, true],
  [true, false],
  [false, true],
  [false, false],
];
const cases = thresholds.flatMap(([threshold, shares]) =>
  flags.map(([delegating, receiving]) => ({ threshold, shares, delegating, receiving })),
);

/** The same three key pairs for both implementations. */
function parties() {
  const delegating = ours.generateSecretKey();
  const receiving = ours.generateSecretKey();
  const signer = ours.generateSigner();
  const secretOf = (bytes: Uint8Array) => theirs.SecretKey.fromBEBytes(bytes);
  const theirSigner = new theirs.Signer(secretOf(ours.signerToBytes(signer)));
  return {
    ours: {
      delegating,
      receiving,
      signer,
      delegatingKey: ours.publicKeyOf(delegating),
      receivingKey: ours.publicKeyOf(receiving),
      verifyingKey: ours.verifyingKeyOf(signer),
    },
    theirs: {
      delegating: secretOf(ours.secretKeyToBytes(delegating)),
      receiving: secretOf(ours.secretKeyToBytes(receiving)),
      signer: theirSigner,
      delegatingKey: secretOf(ours.secretKeyToBytes(delegating)).publicKey(),
      receivingKey: secretOf(ours.secretKeyToBytes(receiving)).publicKey(),
      verifyingKey: theirSigner.verifyingKey(),
    },
  };
}

type Parties = ReturnType<typeof parties>;

interface Flags {
  readonly delegating: boolean;
  readonly receiving: boolean;
}

/** One proxy, ours: bytes of a capsule and of a kfrag in, bytes of a cfrag out. */
function ourProxy(capsule: Uint8Array, kfrag: Uint8Array, keys: Parties['ours'], signed: Flags): Uint8Array {
  const verified = ours.verifyKFrag(ours.kfragFromBytes(kfrag), {
    verifyingKey: keys.verifyingKey,
    delegatingKey: signed.delegating ? keys.delegatingKey : undefined,
    receivingKey: signed.receiving ? keys.receivingKey : undefined,
  });
  return ours.cfragToBytes(ours.reencrypt(ours.capsuleFromBytes(capsule), verified));
}

/** The same, theirs. */
function theirProxy(capsule: Uint8Array, kfrag: Uint8Array, keys: Parties['theirs'], signed: Flags): Uint8Array {
  const verified = theirs.KeyFrag.fromBytes(kfrag).verify(
    keys.verifyingKey,
    signed.delegating ? keys.delegatingKey : null,
    signed.receiving ? keys.receivingKey : null,
  );
  return theirs.reencrypt(theirs.Capsule.fromBytes(capsule), verified).toBytes();
}

function ourReceiver(capsule: Uint8Array, cfrags: Uint8Array[], ciphertext: Uint8Array, keys: Parties['ours']) {
  const parsed = ours.capsuleFromBytes(capsule);
  const verified = cfrags.map((cfrag) => ours.verifyCFrag(ours.cfragFromBytes(cfrag), parsed, keys));
  return ours.decryptReencrypted(keys.receiving, keys.delegatingKey, parsed, verified, ciphertext);
}

function theirReceiver(capsule: Uint8Array, cfrags: Uint8Array[], ciphertext: Uint8Array, keys: Parties['theirs']) {
  const parsed = theirs.Capsule.fromBytes(capsule);
  const verified = cfrags.map((cfrag) =>
    theirs.CapsuleFrag.fromBytes(cfrag).verify(parsed, keys.verifyingKey, keys.delegatingKey, keys.receivingKey),
  );
  return theirs.decryptReencrypted(keys.receiving, keys.delegatingKey, parsed, verified, ciphertext);
}

describe('keys and capsules', () => {
  it('agree on public keys', () => {
    const both = parties();
    expect(ours.publicKeyToBytes(both.ours.delegatingKey)).toEqual(both.theirs.delegatingKey.toCompressedBytes());
    expect(ours.verifyingKeyToBytes(both.ours.verifyingKey)).toEqual(both.theirs.verifyingKey.toCompressedBytes());
  });

  it('write the same bytes for the same capsule', () => {
    const { capsule } = ours.encrypt(parties().ours.delegatingKey, plaintext);
    const same = theirs.Capsule.fromBytes(ours.capsuleToBytes(capsule));
    expect(same.toBytes()).toEqual(ours.capsuleToBytes(capsule));
    expect(same.toBytesSimple()).toEqual(ours.capsuleToSimpleBytes(capsule));
  });

  it('open, as the owner, what the other encrypted', () => {
    const both = parties();
    const made = ours.encrypt(both.ours.delegatingKey, plaintext);
    const read = theirs.Capsule.fromBytes(ours.capsuleToBytes(made.capsule));
    expect(theirs.decryptOriginal(both.theirs.delegating, read, made.ciphertext)).toEqual(plaintext);

    const [capsule, ciphertext] = theirs.encrypt(both.theirs.delegatingKey, plaintext);
    const parsed = ours.capsuleFromBytes(capsule.toBytes());
    expect(ours.decryptOriginal(both.ours.delegating, parsed, ciphertext)).toEqual(plaintext);
  });

  it('leaves the capsule of a proven encapsulation an ordinary one', () => {
    const both = parties();
    const { capsule } = ours.encapsulate(both.ours.delegatingKey, { context: Uint8Array.of(1) });
    expect(theirs.Capsule.fromBytes(ours.capsuleToBytes(capsule)).toBytes()).toEqual(ours.capsuleToBytes(capsule));
  });
});

describe.each(cases)('$threshold of $shares, delegating key signed $delegating, receiving $receiving', (c) => {
  const both = parties();
  const signed = { delegating: c.delegating, receiving: c.receiving };

  it('encrypt and delegate ours, proxies of both kinds, open theirs and ours', () => {
    const { capsule, ciphertext } = ours.encrypt(both.ours.delegatingKey, plaintext);
    const bytes = ours.capsuleToBytes(capsule);
    const kfrags = ours.generateKFrags({
      delegatingSecret: both.ours.delegating,
      receivingKey: both.ours.receivingKey,
      signer: both.ours.signer,
      threshold: c.threshold,
      shares: c.shares,
      signDelegatingKey: c.delegating,
      signReceivingKey: c.receiving,
    });
    const cfrags = kfrags.slice(-c.threshold).map((kfrag, i) => {
      const proxy = i % 2 === 0 ? theirProxy(bytes, ours.kfragToBytes(kfrag), both.theirs, signed) : undefined;
      return proxy ?? ourProxy(bytes, ours.kfragToBytes(kfrag), both.ours, signed);
    });
    expect(theirReceiver(bytes, cfrags, ciphertext, both.theirs)).toEqual(plaintext);
    expect(ourReceiver(bytes, cfrags, ciphertext, both.ours)).toEqual(plaintext);
  });

  it('encrypt and delegate theirs, proxies of both kinds, open ours and theirs', () => {
    const [capsule, ciphertext] = theirs.encrypt(both.theirs.delegatingKey, plaintext);
    const bytes = capsule.toBytes();
    const { delegating, receivingKey, signer } = both.theirs;
    const kfrags = theirs
      .generateKFrags(delegating, receivingKey, signer, c.threshold, c.shares, c.delegating, c.receiving)
      .map((kfrag) => kfrag.toBytes());
    const cfrags = kfrags
      .slice(-c.threshold)
      .map((kfrag, i) =>
        i % 2 === 0 ? ourProxy(bytes, kfrag, both.ours, signed) : theirProxy(bytes, kfrag, both.theirs, signed),
      );
    expect(ourReceiver(bytes, cfrags, ciphertext, both.ours)).toEqual(plaintext);
    expect(theirReceiver(bytes, cfrags, ciphertext, both.theirs)).toEqual(plaintext);
    if (c.threshold > 1) {
      const few = cfrags.slice(1);
      expect(() => ourReceiver(bytes, few, ciphertext, both.ours)).toThrow(ours.UmbralError);
      expect(() => theirReceiver(bytes, few, ciphertext, both.theirs)).toThrow();
    }
    for (const kfrag of kfrags) expect(ours.kfragToBytes(ours.kfragFromBytes(kfrag))).toEqual(kfrag);
    for (const cfrag of cfrags) expect(ours.cfragToBytes(ours.cfragFromBytes(cfrag))).toEqual(cfrag);
  });
});

describe('sizes on the wire', () => {
  it('are those of umbral-pre', () => {
    const both = parties();
    const { capsule } = ours.encapsulate(both.ours.delegatingKey);
    const [kfrag] = ours.generateKFrags({
      delegatingSecret: both.ours.delegating,
      receivingKey: both.ours.receivingKey,
      signer: both.ours.signer,
      threshold: 1,
      shares: 1,
    });
    if (kfrag === undefined) throw new Error('no kfrag');
    const cfrag = ours.reencrypt(capsule, kfrag);
    expect(ours.capsuleToBytes(capsule)).toHaveLength(105);
    expect(ours.capsuleToSimpleBytes(capsule)).toHaveLength(98);
    expect(ours.kfragToBytes(kfrag)).toHaveLength(310);
    expect(ours.cfragToBytes(cfrag)).toHaveLength(381);
  });
});
