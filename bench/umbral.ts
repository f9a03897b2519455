/**
 * Umbral on noble, on the addon, and umbral-pre 0.10.0 (wasm, GPL-3.0, for comparison only), interleaved in one run.
 *
 *   node --conditions=@medseal/source bench/umbral.ts [rounds, default 15]
 */
import { loadavg } from 'node:os';
import {
  type Backend,
  type CFrag,
  capsuleFromBytes,
  capsuleToBytes,
  cfragFromBytes,
  cfragToBytes,
  decryptOriginal,
  decryptReencrypted,
  encrypt,
  generateKFrags,
  generateSecretKey,
  generateSigner,
  kfragFromBytes,
  kfragToBytes,
  nobleBackend,
  publicKeyOf,
  receiverOf,
  reencrypt,
  secretKeyToBytes,
  signerToBytes,
  useBackend,
  verifyCFrag,
  verifyingKeyOf,
  verifyKFrag,
} from '@medseal/umbral';
import { addonBackend } from '@medseal/umbral/native';
import * as pre from '@nucypher/umbral-pre';

const rounds = Number(process.argv[2] ?? 15);
const VISIT_MS = 30;
const dataKey = new Uint8Array(32).fill(7);

const delegatingSecret = generateSecretKey();
const receivingSecret = generateSecretKey();
const signer = generateSigner();
const keys = {
  delegatingKey: publicKeyOf(delegatingSecret),
  receivingKey: publicKeyOf(receivingSecret),
  verifyingKey: verifyingKeyOf(signer),
};

// One delegation of each shape; everybody works on the same bytes.
const sealed = encrypt(keys.delegatingKey, dataKey);
const capsule = capsuleToBytes(sealed.capsule);
const { ciphertext } = sealed;
const delegate = (threshold: number, shares: number) =>
  generateKFrags({ delegatingSecret, receivingKey: keys.receivingKey, signer, threshold, shares });
const cfragsOf = (threshold: number, shares: number): Uint8Array[] =>
  delegate(threshold, shares)
    .slice(0, threshold)
    .map((one) => cfragToBytes(reencrypt(sealed.capsule, one)));
const first = <T>(items: readonly T[]): T => {
  const [item] = items;
  if (item === undefined) throw new Error('Nothing there');
  return item;
};
const one = cfragsOf(1, 1);
const three = cfragsOf(3, 5);
const cfrag = first(one);
const verified = first(delegate(1, 1));
const kfrag = kfragToBytes(verified);

type Operations = Readonly<Record<string, () => unknown>>;

function ours(): Operations {
  const parse = capsuleFromBytes;
  const check = (bytes: Uint8Array, of = sealed.capsule) => verifyCFrag(cfragFromBytes(bytes), of, keys);
  const [oneChecked, threeChecked] = [one.map((bytes) => check(bytes)), three.map((bytes) => check(bytes))];
  const open = (cfrags: readonly Uint8Array[]) => {
    const parsed = parse(capsule);
    const checked = cfrags.map((bytes) => check(bytes, parsed));
    return decryptReencrypted(receivingSecret, keys.delegatingKey, parsed, checked, ciphertext);
  };
  const receivers = [1, 3].map(() => receiverOf({ ...keys, receivingSecret }));
  const openCached = (receiver = first(receivers), cfrags: readonly Uint8Array[] = one) => {
    const parsed = parse(capsule);
    const checked = cfrags.map((bytes): CFrag => cfragFromBytes(bytes)).map((c) => receiver.verifyCFrag(c, parsed));
    return receiver.decrypt(parsed, checked, ciphertext);
  };
  const decryptCached = receiverOf({ ...keys, receivingSecret });
  return {
    encrypt: () => encrypt(keys.delegatingKey, dataKey),
    decryptOriginal: () => decryptOriginal(delegatingSecret, sealed.capsule, ciphertext),
    'generateKFrags 1 of 1': () => delegate(1, 1),
    'generateKFrags 3 of 5': () => delegate(3, 5),
    'capsule parse': () => parse(capsule),
    'kfrag parse': () => kfragFromBytes(kfrag),
    'cfrag parse': () => cfragFromBytes(cfrag),
    'kfrag parse + verify': () => verifyKFrag(kfragFromBytes(kfrag), keys),
    'cfrag parse + verify': () => check(cfrag),
    reencrypt: () => reencrypt(sealed.capsule, verified),
    'decryptReencrypted t = 1': () =>
      decryptReencrypted(receivingSecret, keys.delegatingKey, sealed.capsule, oneChecked, ciphertext),
    'decryptReencrypted t = 1, grant cached': () => decryptCached.decrypt(sealed.capsule, oneChecked, ciphertext),
    'decryptReencrypted t = 3': () =>
      decryptReencrypted(receivingSecret, keys.delegatingKey, sealed.capsule, threeChecked, ciphertext),
    'proxy, bytes to bytes': () => cfragToBytes(reencrypt(parse(capsule), verifyKFrag(kfragFromBytes(kfrag), keys))),
    'proxy, kfrag held verified': () => cfragToBytes(reencrypt(parse(capsule), verified)),
    'receiver t = 1, bytes to plaintext': () => open(one),
    'receiver t = 1, grant cached': () => openCached(),
    'receiver t = 3, bytes to plaintext': () => open(three),
    'receiver t = 3, grant cached': () => openCached(receivers[1], three),
  };
}

function theirs(): Operations {
  const secretOf = (bytes: Uint8Array) => pre.SecretKey.fromBEBytes(bytes);
  const [delegating, receiving] = [delegatingSecret, receivingSecret].map(secretKeyToBytes).map(secretOf) as [
    pre.SecretKey,
    pre.SecretKey,
  ];
  const theirSigner = new pre.Signer(secretOf(signerToBytes(signer)));
  const [A, B, verifying] = [delegating.publicKey(), receiving.publicKey(), theirSigner.verifyingKey()];
  const parsed = pre.Capsule.fromBytes(capsule);
  const check = (bytes: Uint8Array, of = parsed) => pre.CapsuleFrag.fromBytes(bytes).verify(of, verifying, A, B);
  const checkK = () => pre.KeyFrag.fromBytes(kfrag).verify(verifying, A, B);
  const held = checkK();
  const [oneChecked, threeChecked] = [one.map((bytes) => check(bytes)), three.map((bytes) => check(bytes))];
  const decrypt = (cfrags: pre.VerifiedCapsuleFrag[], of = parsed) =>
    pre.decryptReencrypted(receiving, A, of, cfrags, ciphertext);
  const open = (cfrags: readonly Uint8Array[]) => {
    const of = pre.Capsule.fromBytes(capsule);
    return decrypt(
      cfrags.map((bytes) => check(bytes, of)),
      of,
    );
  };
  const split = (threshold: number, shares: number) =>
    pre.generateKFrags(delegating, B, theirSigner, threshold, shares, true, true);
  return {
    encrypt: () => pre.encrypt(A, dataKey),
    decryptOriginal: () => pre.decryptOriginal(delegating, parsed, ciphertext),
    'generateKFrags 1 of 1': () => split(1, 1),
    'generateKFrags 3 of 5': () => split(3, 5),
    'capsule parse': () => pre.Capsule.fromBytes(capsule),
    'kfrag parse': () => pre.KeyFrag.fromBytes(kfrag),
    'cfrag parse': () => pre.CapsuleFrag.fromBytes(cfrag),
    'kfrag parse + verify': checkK,
    'cfrag parse + verify': () => check(cfrag),
    reencrypt: () => pre.reencrypt(parsed, held),
    'decryptReencrypted t = 1': () => decrypt(oneChecked),
    'decryptReencrypted t = 1, grant cached': () => decrypt(oneChecked),
    'decryptReencrypted t = 3': () => decrypt(threeChecked),
    'proxy, bytes to bytes': () => pre.reencrypt(pre.Capsule.fromBytes(capsule), checkK()).toBytes(),
    'proxy, kfrag held verified': () => pre.reencrypt(pre.Capsule.fromBytes(capsule), held).toBytes(),
    'receiver t = 1, bytes to plaintext': () => open(one),
    'receiver t = 1, grant cached': () => open(one),
    'receiver t = 3, bytes to plaintext': () => open(three),
    'receiver t = 3, grant cached': () => open(three),
  };
}

/** Operations a second over about the time given, at least one operation. */
function visit(operation: () => unknown, milliseconds: number): number {
  const started = performance.now();
  let done = 0;
  let passed: number;
  do {
    operation();
    done++;
    passed = performance.now() - started;
  } while (passed < milliseconds);
  return (done * 1000) / passed;
}

interface Contender {
  readonly name: string;
  readonly backend: Backend;
  readonly operations: Operations;
}

function on(backend: Backend): Contender {
  useBackend(backend);
  return { name: backend.name, backend, operations: ours() };
}

const contenders: readonly Contender[] = [
  on(nobleBackend),
  on(addonBackend),
  { name: 'umbral-pre', backend: nobleBackend, operations: theirs() },
];
const names = Object.keys(first(contenders).operations);
const rates = new Map(names.map((name) => [name, contenders.map((): number[] => [])]));

const before = loadavg()[0];
for (let round = -3; round < rounds; round++)
  for (const [name, taken] of rates)
    for (let turn = 0; turn < contenders.length; turn++) {
      const which = (round + 3 + turn) % contenders.length;
      const { backend, operations } = contenders[which] ?? first(contenders);
      const operation = operations[name];
      if (operation === undefined) throw new Error(`Nobody does ${name}`);
      useBackend(backend);
      const rate = visit(operation, VISIT_MS);
      if (round >= 0) taken[which]?.push(rate);
    }

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const best = (values: readonly number[]): number => Math.max(...values);
const rate = (values: readonly number[]): string => `${median(values).toFixed(0)} (${best(values).toFixed(0)})`;
const ratio = (mine: readonly number[], peers: readonly number[]): string =>
  [median, best].map((of) => (of(mine) / of(peers)).toFixed(2)).join(' (') + ')';
const load = [before, loadavg()[0]].map((value) => value?.toFixed(1)).join(' to ');
console.log(`Operations a second, median (best) of ${rounds} interleaved visits of ${VISIT_MS} ms; load ${load}\n`);
console.log('| Operation | noble | addon | umbral-pre | noble / umbral-pre | addon / umbral-pre |');
console.log('|---|--:|--:|--:|--:|--:|');
for (const [name, [noble = [], addon = [], peer = []]] of rates) {
  const cells = [...[noble, addon, peer].map(rate), ratio(noble, peer), ratio(addon, peer)];
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
