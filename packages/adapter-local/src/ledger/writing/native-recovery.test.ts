import { secp256k1 } from '@noble/curves/secp256k1.js';
import { recoverSigner, signDigest } from '@medseal/protocol';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { nativeRecovery } from './native-recovery.ts';

const found = await nativeRecovery();
const order = secp256k1.Point.Fn.ORDER;
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const keys = bytes32.filter((key) => secp256k1.utils.isValidSecretKey(key));

function native(digest: Uint8Array, signature: Uint8Array): string | undefined {
  if (found === undefined) throw new Error('The addon is a development dependency: it must load');
  return found(digest, signature);
}

function word(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * (31 - i))) & 0xffn));
}

function signatureOf(r: bigint, s: bigint, v: number): Uint8Array {
  return Uint8Array.from([...word(r), ...word(s), v]);
}

test('recovers who signed', () => {
  fc.assert(
    fc.property(bytes32, keys, (digest, key) => {
      const signature = signDigest(digest, key);
      const signer = recoverSigner(digest, signature);
      expect(signer).toBeDefined();
      expect(native(digest, signature)).toBe(signer);
    }),
    { numRuns: 50 },
  );
});

test('answers as the library does to mutated signatures', () => {
  const mutation = fc.record({ at: fc.nat(64), value: fc.nat(255) });
  fc.assert(
    fc.property(bytes32, keys, fc.array(mutation, { minLength: 1, maxLength: 3 }), (digest, key, mutations) => {
      const signature = signDigest(digest, key);
      for (const { at, value } of mutations) signature[at] = value;
      expect(native(digest, signature)).toBe(recoverSigner(digest, signature));
    }),
    { numRuns: 200 },
  );
});

test('answers as the library does at the edges of r, s and v', () => {
  const p = secp256k1.Point.Fp.ORDER;
  const edges = [
    0n,
    1n,
    2n,
    5n,
    order / 2n,
    order / 2n + 1n,
    order - 1n,
    order,
    order + 1n,
    p - 1n,
    p,
    2n ** 256n - 1n,
  ];
  const digests = [word(0n), word(1n), word(order), word(2n ** 256n - 1n)];
  const signatures = edges.flatMap((r) =>
    edges.flatMap((s) => [0, 1, 26, 27, 28, 29, 255].map((v) => signatureOf(r, s, v))),
  );
  let recovered = 0;
  for (const digest of digests)
    for (const signature of signatures) {
      const expected = recoverSigner(digest, signature);
      if (expected !== undefined) recovered++;
      expect(native(digest, signature)).toBe(expected);
    }
  expect(recovered).toBeGreaterThan(0);
});

test('answers as the library does to wrong lengths', () => {
  const digest = word(7n);
  const signature = signDigest(digest, word(9n));
  for (const cut of [
    signature.subarray(1),
    signature.subarray(0, 64),
    new Uint8Array(0),
    Uint8Array.of(...signature, 0),
  ])
    expect(native(digest, cut)).toBe(recoverSigner(digest, cut));
});

test('recovers who signed where hash-wasm is not installed', async () => {
  vi.doMock('hash-wasm', () => {
    throw new Error('not installed');
  });
  try {
    const recover = await nativeRecovery();
    const digest = word(7n);
    const signature = signDigest(digest, word(9n));
    expect(recover?.(digest, signature)).toBe(recoverSigner(digest, signature));
  } finally {
    vi.doUnmock('hash-wasm');
  }
});
