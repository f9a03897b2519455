import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { generateSecretKey, generateSigner, publicKeyOf, type SecretKey, verifyingKeyOf } from '@medseal/umbral';
import { expect, it } from 'vitest';
import { DecryptionError } from '../errors/decryption-error.ts';
import type { Manifest } from '../seal/manifest.ts';
import { receiverOfManifest } from './receiver-of-manifest.ts';

function manifestFor(receivingSecret: SecretKey, fields: Partial<Manifest> = {}): Manifest {
  return {
    domain: '0x',
    patient: '0x',
    grant: '0x',
    grantee: '0x',
    compartment: '0x',
    level: 'low',
    epoch: 0,
    delegatingPublicKey: publicKeyOf(generateSecretKey()),
    receivingPublicKey: publicKeyOf(receivingSecret),
    verifyingKey: verifyingKeyOf(generateSigner()),
    threshold: 2,
    proxies: [],
    ...fields,
  };
}

it('is one for every record of a delegation, and another for other keys', () => {
  const secret = generateSecretKey();
  const manifest = manifestFor(secret);
  const { delegatingPublicKey, verifyingKey } = manifest;
  const receiver = receiverOfManifest(secret, manifest);
  expect(receiverOfManifest(secret, manifestFor(secret, { delegatingPublicKey, verifyingKey }))).toBe(receiver);
  expect(receiverOfManifest(secret, manifestFor(secret, { delegatingPublicKey }))).not.toBe(receiver);
  expect(receiverOfManifest(secret, manifestFor(secret, { verifyingKey }))).not.toBe(receiver);
  expect(receiverOfManifest({ ...secret }, manifest)).not.toBe(receiver);
});

it('is refused where the manifest is for another key', () => {
  const secret = generateSecretKey();
  const others = manifestFor(generateSecretKey());
  expect(() => receiverOfManifest(secret, others)).toThrow(DecryptionError);
});

it('is remembered for the 32 delegations used latest', () => {
  const secret = generateSecretKey();
  const manifests = Array.from({ length: 33 }, () => manifestFor(secret));
  const [first, second, ...others] = manifests;
  if (first === undefined || second === undefined) throw new Error('33 manifests expected');
  const [ofFirst, ofSecond] = [receiverOfManifest(secret, first), receiverOfManifest(secret, second)];
  for (const other of others) {
    receiverOfManifest(secret, other);
    expect(receiverOfManifest(secret, first)).toBe(ofFirst);
  }
  expect(receiverOfManifest(secret, second)).not.toBe(ofSecond);
});

it('is forgotten with the key', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  let secret: SecretKey | undefined = generateSecretKey();
  const forgotten = new WeakRef(receiverOfManifest(secret, manifestFor(secret)));
  const kept = generateSecretKey();
  const remembered = new WeakRef(receiverOfManifest(kept, manifestFor(kept)));
  secret = undefined;
  for (let turn = 0; turn < 100 && forgotten.deref() !== undefined; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    collectGarbage();
  }
  expect(secret).toBeUndefined();
  expect(forgotten.deref()).toBeUndefined();
  expect(remembered.deref()).toBeDefined();
  // The key is still held here.
  expect(kept.type).toBe('secretKey');
});
