/**
 * Writes `vectors.json`: one exchange as umbral-pre 0.10.0 makes it, and one proven capsule of ours. Everything in it
 * is random, so run it (`pnpm run vectors`) only for a new version of a format,
 * and keep the old file beside the new one.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as theirs from '@nucypher/umbral-pre';
import * as ours from '../src/index.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function peer(): Record<string, unknown> {
  const [delegating, receiving, signing] = [
    theirs.SecretKey.random(),
    theirs.SecretKey.random(),
    theirs.SecretKey.random(),
  ];
  const signer = new theirs.Signer(signing);
  const plaintext = new TextEncoder().encode('a data key of thirty-two bytes..');
  const [capsule, ciphertext] = theirs.encrypt(delegating.publicKey(), plaintext);
  const kfrags = theirs.generateKFrags(delegating, receiving.publicKey(), signer, 2, 3, true, true);
  const cfrags = kfrags.map((kfrag) => theirs.reencrypt(capsule, kfrag));
  return {
    delegatingSecret: hex(delegating.toBEBytes()),
    delegatingKey: hex(delegating.publicKey().toCompressedBytes()),
    receivingSecret: hex(receiving.toBEBytes()),
    receivingKey: hex(receiving.publicKey().toCompressedBytes()),
    verifyingKey: hex(signer.verifyingKey().toCompressedBytes()),
    threshold: 2,
    capsule: hex(capsule.toBytes()),
    plaintext: hex(plaintext),
    ciphertext: hex(ciphertext),
    kfrags: kfrags.map((kfrag) => hex(kfrag.toBytes())),
    cfrags: cfrags.map((cfrag) => hex(cfrag.toBytes())),
  };
}

function proven(): Record<string, unknown> {
  const secret = ours.generateSecretKey();
  const context = new TextEncoder().encode('record 4711');
  const { capsule, key, proof } = ours.encapsulate(ours.publicKeyOf(secret), { context });
  return {
    delegatingSecret: hex(ours.secretKeyToBytes(secret)),
    delegatingKey: hex(ours.publicKeyToBytes(ours.publicKeyOf(secret))),
    context: hex(context),
    capsule: hex(ours.capsuleToBytes(capsule)),
    key: hex(key),
    proof: hex(proof),
  };
}

const vectors = { 'umbral-pre 0.10.0': peer(), 'capsule proof v1': proven() };
writeFileSync(join(import.meta.dirname, 'vectors.json'), `${JSON.stringify(vectors, undefined, 2)}\n`);
