/** Where every field of the encoded objects lies, written down a second time, for tests that take objects apart. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToNumberBE, equalBytes } from '@noble/curves/utils.js';

type Kind = 'point' | 'scalar' | 'id' | 'signature' | 'boolean';

export interface Field {
  readonly name: string;
  readonly kind: Kind;
  readonly at: number;
  readonly length: number;
}

export interface Layout {
  readonly length: number;
  readonly fields: readonly Field[];
  /** Bytes outside the fields. */
  readonly framing: ReadonlyMap<number, number>;
}

const lengths: Readonly<Record<Kind, number>> = { point: 33, scalar: 32, id: 32, signature: 64, boolean: 1 };

/** Numbers are array headers; names stand for a field each. */
function layoutOf(...parts: readonly (number | readonly [name: string, kind: Kind])[]): Layout {
  const fields: Field[] = [];
  const framing = new Map<number, number>();
  let at = 0;
  for (const part of parts) {
    if (typeof part === 'number') {
      framing.set(at++, part);
      continue;
    }
    const [name, kind] = part;
    const length = lengths[kind];
    if (kind !== 'boolean') {
      framing.set(at++, 0xc4);
      framing.set(at++, length);
    }
    fields.push({ name, kind, at, length });
    at += length;
  }
  return { length: at, fields, framing };
}

export const layouts = {
  capsule: layoutOf(0x93, ['E', 'point'], ['V', 'point'], ['s', 'scalar']),
  kfrag: layoutOf(
    ...([0x95, 0x91, ['U', 'point'], ['id', 'id'], ['key', 'scalar'], ['precursor', 'point']] as const),
    ...([0x95, ['commitment', 'point'], ['signatureForProxy', 'signature']] as const),
    ...([
      ['signatureForReceiver', 'signature'],
      ['delegating', 'boolean'],
      ['receiving', 'boolean'],
    ] as const),
  ),
  cfrag: layoutOf(
    ...([0x95, ['E1', 'point'], ['V1', 'point'], ['id', 'id'], ['precursor', 'point']] as const),
    ...([0x96, ['E2', 'point'], ['V2', 'point'], ['commitment', 'point'], ['U2', 'point']] as const),
    ...([
      ['z', 'scalar'],
      ['signature', 'signature'],
    ] as const),
  ),
} as const;

export function fieldOf(layout: Layout, name: string): Field {
  const field = layout.fields.find((one) => one.name === name);
  if (field === undefined) throw new Error(`no field ${name}`);
  return field;
}

export function readField(bytes: Uint8Array, layout: Layout, name: string): Uint8Array {
  const { at, length } = fieldOf(layout, name);
  return bytes.slice(at, at + length);
}

export function withField(bytes: Uint8Array, layout: Layout, name: string, value: Uint8Array): Uint8Array {
  const { at, length } = fieldOf(layout, name);
  if (value.length !== length) throw new Error(`${name} has ${length} bytes`);
  const changed = Uint8Array.from(bytes);
  changed.set(value, at);
  return changed;
}

/** Whether these are the canonical bytes of some object of this layout; `original` is known to be. */
export function isCanonical(bytes: Uint8Array, layout: Layout, original: Uint8Array): boolean {
  if (bytes.length !== layout.length) return false;
  for (const [at, byte] of layout.framing) if (bytes[at] !== byte) return false;
  return layout.fields.every(({ kind, at, length }) => {
    const value = bytes.subarray(at, at + length);
    return equalBytes(value, original.subarray(at, at + length)) || isCanonicalField(kind, value);
  });
}

const { n } = secp256k1.Point.CURVE();

function isCanonicalField(kind: Kind, value: Uint8Array): boolean {
  if (kind === 'id') return true;
  if (kind === 'boolean') return value[0] === 0xc2 || value[0] === 0xc3;
  if (kind === 'point') return isPoint(value);
  const first = bytesToNumberBE(value.subarray(0, 32));
  if (kind === 'scalar') return first > 0n && first < n;
  const s = bytesToNumberBE(value.subarray(32));
  return first > 0n && first < n && s > 0n && s < n - s;
}

function isPoint(value: Uint8Array): boolean {
  if (value[0] !== 2 && value[0] !== 3) return false;
  try {
    secp256k1.Point.fromBytes(value);
    return true;
  } catch {
    return false;
  }
}
