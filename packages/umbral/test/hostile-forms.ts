/** What a strict reader must refuse, made from honest objects, and what the peers make of it. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToNumberBE, concatBytes, numberToBytesBE } from '@noble/curves/utils.js';
import { capsuleChallenge } from '../src/capsule.ts';
import type { UmbralErrorCode } from '../src/index.ts';
import { type Contender, medseal, type ReceiverKeys, type Sealed } from './contender.ts';
import { layouts, readField, withField } from './layout.ts';

export type HostileObject = 'publicKey' | 'secretKey' | 'capsule' | 'kfrag' | 'cfrag';
export type Verdict = 'accepts' | 'rejects' | 'crashes';

export interface HostileForm {
  readonly name: string;
  readonly object: HostileObject;
  readonly bytes: Uint8Array;
  /** What umbral-pre does with it. */
  readonly peer: Verdict;
  readonly medseal: UmbralErrorCode;
}

/** One delegation, 1 of 1, both keys signed. */
export interface Honest {
  readonly keys: ReceiverKeys & { readonly receivingKey: Uint8Array };
  readonly sealed: Sealed;
  readonly kfrag: Uint8Array;
  readonly cfrag: Uint8Array;
}

const { Point } = secp256k1;
const { n, p } = Point.CURVE();
const bin8 = (bytes: Uint8Array): Uint8Array => Uint8Array.of(0xc4, bytes.length, ...bytes);
const bin16 = (bytes: Uint8Array): Uint8Array => Uint8Array.of(0xc5, 0, bytes.length, ...bytes);
const scalar = (value: bigint): Uint8Array => numberToBytesBE(value, 32);
const longForm = (point: Uint8Array): Uint8Array => Point.fromBytes(point).toBytes(false);
const followed = (bytes: Uint8Array): Uint8Array => Uint8Array.of(...bytes, 0);

/** The same object with one field in another framing. */
function reframed(bytes: Uint8Array, layout: keyof typeof layouts, name: string, framed: Uint8Array): Uint8Array {
  const { at, length } = layouts[layout].fields.find((one) => one.name === name) ?? { at: 0, length: 0 };
  return concatBytes(bytes.subarray(0, at - 2), framed, bytes.subarray(at + length));
}

function withHighS(bytes: Uint8Array, layout: keyof typeof layouts, name: string): Uint8Array {
  const signature = readField(bytes, layouts[layout], name);
  const high = n - bytesToNumberBE(signature.subarray(32));
  return withField(bytes, layouts[layout], name, concatBytes(signature.subarray(0, 32), scalar(high)));
}

function keyForms({ keys }: Honest): HostileForm[] {
  const long = longForm(keys.delegatingKey);
  const key = (name: string, bytes: Uint8Array, peer: Verdict): HostileForm => ({
    name,
    object: 'publicKey',
    bytes,
    peer,
    medseal: 'MALFORMED',
  });
  const secret = (name: string, bytes: Uint8Array): HostileForm => ({
    ...key(name, bytes, 'rejects'),
    object: 'secretKey',
  });
  return [
    key('uncompressed', long, 'accepts'),
    key('hybrid', Uint8Array.of(6, ...long.subarray(1)), 'rejects'),
    key('identity, one byte', Uint8Array.of(0), 'rejects'),
    key('identity, 33 bytes', new Uint8Array(33), 'rejects'),
    key('x above the field prime', Uint8Array.of(2, ...scalar(p + 1n)), 'rejects'),
    key('a byte follows', followed(keys.delegatingKey), 'rejects'),
    key('no prefix', keys.delegatingKey.subarray(1), 'rejects'),
    secret('zero', scalar(0n)),
    secret('the order', scalar(n)),
    secret('31 bytes', keys.receivingSecret.subarray(1)),
    secret('33 bytes', followed(keys.receivingSecret)),
  ];
}

function capsuleForms({ sealed: { capsule } }: Honest): HostileForm[] {
  const [E, V, s] = ['E', 'V', 's'].map((name) => readField(capsule, layouts.capsule, name)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const name = (text: string): Uint8Array => Uint8Array.of(0xa0 | text.length, ...new TextEncoder().encode(text));
  const map = concatBytes(name('point_e'), bin8(E), name('point_v'), bin8(V), name('signature'), bin8(s));
  const opposite = opposites();
  const form = (what: string, bytes: Uint8Array, peer: Verdict, code: UmbralErrorCode = 'MALFORMED'): HostileForm => ({
    name: what,
    object: 'capsule',
    bytes,
    peer,
    medseal: code,
  });
  const none = bin8(Uint8Array.of(0));
  return [
    form('bytes follow', followed(capsule), 'accepts'),
    form('array 16', concatBytes(Uint8Array.of(0xdc, 0, 3), capsule.subarray(1)), 'accepts'),
    form('map', Uint8Array.of(0x83, ...map), 'accepts'),
    form('bin 16', reframed(capsule, 'capsule', 'E', bin16(E)), 'accepts'),
    form('uncompressed E', reframed(capsule, 'capsule', 'E', bin8(longForm(E))), 'accepts'),
    form('uncompressed V', reframed(capsule, 'capsule', 'V', bin8(longForm(V))), 'accepts'),
    form('s above the order', withField(capsule, layouts.capsule, 's', scalar(n + 7n)), 'rejects'),
    form('E and V the identity, s zero', concatBytes(Uint8Array.of(0x93), none, none, bin8(scalar(0n))), 'crashes'),
    form('E the identity', concatBytes(Uint8Array.of(0x93), none, bin8(V), bin8(s)), 'crashes'),
    form('V = -E, a key that everybody knows', opposite, 'accepts', 'INVALID_CAPSULE'),
    form(
      'E and V exchanged',
      withField(withField(capsule, layouts.capsule, 'E', V), layouts.capsule, 'V', E),
      'rejects',
      'INVALID_CAPSULE',
    ),
    form('cut', capsule.subarray(0, -1), 'rejects'),
  ];
}

/** A capsule that holds, of the key r(A - A): its sum is the identity. */
function opposites(): Uint8Array {
  const r = 5n;
  const E = Point.BASE.multiply(r);
  const V = E.negate();
  const s = Point.Fn.add(n - r, Point.Fn.mul(r, capsuleChallenge(E, V)));
  return concatBytes(Uint8Array.of(0x93), bin8(E.toBytes()), bin8(V.toBytes()), bin8(scalar(s)));
}

function fragmentForms({ keys, kfrag, cfrag }: Honest, signingSecret: Uint8Array): HostileForm[] {
  const form = (object: 'kfrag' | 'cfrag', name: string, bytes: Uint8Array, peer: Verdict): HostileForm => ({
    name,
    object,
    bytes,
    peer,
    medseal: 'MALFORMED',
  });
  const precursor = readField(kfrag, layouts.kfrag, 'precursor');
  const E1 = readField(cfrag, layouts.cfrag, 'E1');
  const ofKfrag = (name: string, bytes: Uint8Array, peer: Verdict) => form('kfrag', name, bytes, peer);
  const ofCfrag = (name: string, bytes: Uint8Array, peer: Verdict) => form('cfrag', name, bytes, peer);
  return [
    ofKfrag('bytes follow', followed(kfrag), 'accepts'),
    ofKfrag('uncompressed precursor', reframed(kfrag, 'kfrag', 'precursor', bin8(longForm(precursor))), 'accepts'),
    ofKfrag('bin 16', reframed(kfrag, 'kfrag', 'precursor', bin16(precursor)), 'accepts'),
    ofKfrag('high s for the proxy', withHighS(kfrag, 'kfrag', 'signatureForProxy'), 'accepts'),
    ofKfrag('high s for the receiver', withHighS(kfrag, 'kfrag', 'signatureForReceiver'), 'accepts'),
    { ...ofKfrag('another U, signed again', otherU(keys, kfrag, signingSecret), 'accepts'), medseal: 'INVALID_KFRAG' },
    ofKfrag('a flag that is nil', Uint8Array.of(...kfrag.subarray(0, -1), 0xc0), 'rejects'),
    {
      ...ofKfrag('a flag taken away', Uint8Array.of(...kfrag.subarray(0, -1), 0xc2), 'rejects'),
      medseal: 'INVALID_KFRAG',
    },
    ofKfrag('key of zero', withField(kfrag, layouts.kfrag, 'key', scalar(0n)), 'rejects'),
    ofCfrag('bytes follow', followed(cfrag), 'accepts'),
    ofCfrag('uncompressed E1', reframed(cfrag, 'cfrag', 'E1', bin8(longForm(E1))), 'accepts'),
    ofCfrag('bin 16', reframed(cfrag, 'cfrag', 'E1', bin16(E1)), 'accepts'),
    ofCfrag('high s', withHighS(cfrag, 'cfrag', 'signature'), 'accepts'),
    ofCfrag('z of zero', withField(cfrag, layouts.cfrag, 'z', scalar(0n)), 'rejects'),
    ofCfrag('E1 the identity', reframed(cfrag, 'cfrag', 'E1', bin8(Uint8Array.of(0))), 'crashes'),
  ];
}

/** A kfrag that brings a generator of its own, to which its proofs would then refer. */
function otherU(keys: Honest['keys'], kfrag: Uint8Array, signingSecret: Uint8Array): Uint8Array {
  const U = Point.BASE.multiply(3n);
  const commitment = U.multiply(bytesToNumberBE(readField(kfrag, layouts.kfrag, 'key'))).toBytes();
  const [id, precursor] = ['id', 'precursor'].map((name) => readField(kfrag, layouts.kfrag, name)) as [
    Uint8Array,
    Uint8Array,
  ];
  const one = Uint8Array.of(1);
  const message = concatBytes(id, commitment, precursor, one, keys.delegatingKey, one, keys.receivingKey);
  const signature = medseal.sign(signingSecret, message);
  return Object.entries({
    U: U.toBytes(),
    commitment,
    signatureForProxy: signature,
    signatureForReceiver: signature,
  }).reduce((bytes, [name, value]) => withField(bytes, layouts.kfrag, name, value), kfrag);
}

export function hostileForms(honest: Honest, signingSecret: Uint8Array): HostileForm[] {
  return [...keyForms(honest), ...capsuleForms(honest), ...fragmentForms(honest, signingSecret)];
}

/** Gives the object to whoever would use it. */
export function submit(to: Contender, object: HostileObject, bytes: Uint8Array, honest: Honest): void {
  const { keys, sealed, kfrag } = honest;
  if (object === 'publicKey') to.encrypt(bytes, Uint8Array.of(1));
  else if (object === 'secretKey') to.publicKeyOf(bytes);
  else if (object === 'capsule') to.reencrypt(bytes, kfrag, keys);
  else if (object === 'kfrag') to.reencrypt(sealed.capsule, bytes, keys);
  else to.open(keys, sealed, [bytes]);
}

export function verdictOf(peer: Contender, { object, bytes }: HostileForm, honest: Honest): Verdict {
  try {
    submit(peer, object, bytes, honest);
    return 'accepts';
  } catch (error) {
    return error instanceof WebAssembly.RuntimeError ? 'crashes' : 'rejects';
  }
}
