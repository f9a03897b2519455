/**
 * Writes what the peers make, as vectors, to `vectors/umbral`. Everything in it is random, so a file that exists is
 * left alone: a new version of a peer gets a file of its own.
 *
 *   pnpm run vectors
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex, hexToBytes } from '@noble/curves/utils.js';
import { type Contender, peers } from './contender.ts';
import { type Honest, hostileForms, verdictOf } from './hostile-forms.ts';
import { firstOf } from './parties.ts';
import type { Exchange, NegativeVector, PeerVectors } from './vectors.ts';

const folder = join(import.meta.dirname, '../../../vectors/umbral');
const plaintext = new TextEncoder().encode('a data key of thirty-two bytes..');
const shapes = [
  [1, 1, true, true],
  [1, 2, true, false],
  [2, 3, false, true],
  [3, 5, false, false],
  [5, 8, true, true],
] as const;

/** One delegation by the peer alone. */
function makeExchange(
  peer: Contender,
  shape: (typeof shapes)[number],
): { exchange: Exchange; signingSecret: Uint8Array } {
  const [threshold, shares, signDelegatingKey, signReceivingKey] = shape;
  const random = () => crypto.getRandomValues(new Uint8Array(32));
  const [delegatingSecret, receivingSecret, signingSecret] = [random(), random(), random()];
  const delegatingKey = peer.publicKeyOf(delegatingSecret);
  const receivingKey = peer.publicKeyOf(receivingSecret);
  const verifyingKey = peer.publicKeyOf(signingSecret);
  const sealed = peer.encrypt(delegatingKey, plaintext);
  const flags = { signDelegatingKey, signReceivingKey };
  const kfrags = peer.delegate({ delegatingSecret, receivingKey, signingSecret, threshold, shares, ...flags });
  const signed = {
    verifyingKey,
    delegatingKey: signDelegatingKey ? delegatingKey : undefined,
    receivingKey: signReceivingKey ? receivingKey : undefined,
  };
  const exchange = {
    threshold,
    shares,
    ...flags,
    delegatingSecret: bytesToHex(delegatingSecret),
    delegatingKey: bytesToHex(delegatingKey),
    receivingSecret: bytesToHex(receivingSecret),
    receivingKey: bytesToHex(receivingKey),
    verifyingKey: bytesToHex(verifyingKey),
    plaintext: bytesToHex(plaintext),
    capsule: bytesToHex(sealed.capsule),
    capsuleSimple: bytesToHex(peer.simpleCapsule(sealed.capsule)),
    ciphertext: bytesToHex(sealed.ciphertext),
    kfrags: kfrags.map(bytesToHex),
    cfrags: kfrags.map((kfrag) => bytesToHex(peer.reencrypt(sealed.capsule, kfrag, signed))),
  };
  return { exchange, signingSecret };
}

/** Hostile forms of the first exchange, with what the peer did with each. */
function makeNegatives(peer: Contender, exchange: Exchange, signingSecret: Uint8Array): NegativeVector[] {
  const bytes = hexToBytes;
  const honest: Honest = {
    keys: {
      delegatingKey: bytes(exchange.delegatingKey),
      receivingKey: bytes(exchange.receivingKey),
      receivingSecret: bytes(exchange.receivingSecret),
      verifyingKey: bytes(exchange.verifyingKey),
    },
    sealed: { capsule: bytes(exchange.capsule), ciphertext: bytes(exchange.ciphertext) },
    kfrag: bytes(firstOf(exchange.kfrags)),
    cfrag: bytes(firstOf(exchange.cfrags)),
  };
  return hostileForms(honest, signingSecret).map((form) => ({
    name: form.name,
    object: form.object,
    bytes: bytesToHex(form.bytes),
    peer: verdictOf(peer, form, honest),
    code: form.medseal,
  }));
}

mkdirSync(folder, { recursive: true });
for (const peer of peers) {
  const file = join(folder, `${peer.name.replace(' ', '-')}.json`);
  if (existsSync(file)) continue;
  const made = shapes.map((shape) => makeExchange(peer, shape));
  const { exchange, signingSecret } = firstOf(made);
  const vectors: PeerVectors = {
    madeBy: peer.name,
    exchanges: made.map((one) => one.exchange),
    negative: makeNegatives(peer, exchange, signingSecret),
  };
  writeFileSync(file, `${JSON.stringify(vectors, undefined, 2)}\n`);
}
