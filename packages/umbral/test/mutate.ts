/** Deterministic damage to bytes: every kind of it in turn, positions and values from a seed. */
import { equalBytes } from '@noble/curves/utils.js';

/** Part of the bytes that may be exchanged with another of its length. */
export interface Part {
  readonly at: number;
  readonly length: number;
}

/** Whole numbers below a bound (mulberry32). */
export type Draw = (bound: number) => number;

export function seeded(seed: number): Draw {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

export type Mutation = (original: Uint8Array, other: Uint8Array, parts: readonly Part[], draw: Draw) => Uint8Array;

const pick = <T>(items: readonly T[], draw: Draw): T => {
  const item = items[draw(items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

const changed = (original: Uint8Array, change: (bytes: Uint8Array) => void): Uint8Array => {
  const bytes = Uint8Array.from(original);
  change(bytes);
  return bytes;
};

function flipBits(original: Uint8Array, draw: Draw): Uint8Array {
  return changed(original, (bytes) => {
    for (let left = 1 + draw(3); left > 0; left--) {
      const at = draw(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << draw(8));
    }
  });
}

export const mutations: Readonly<Record<string, Mutation>> = {
  'bits flipped': (original, _other, _parts, draw) => flipBits(original, draw),
  'bytes changed': (original, _other, _parts, draw) =>
    changed(original, (bytes) => {
      for (let left = 1 + draw(4); left > 0; left--) bytes[draw(bytes.length)] = draw(256);
    }),
  'part set to zeros or ones': (original, _other, parts, draw) => {
    const { at, length } = pick(parts, draw);
    return changed(original, (bytes) => bytes.fill(pick([0, 255], draw), at, at + length));
  },
  'parts exchanged': (original, _other, parts, draw) => {
    const one = pick(parts, draw);
    const two = pick(
      parts.filter(({ length }) => length === one.length),
      draw,
    );
    return changed(original, (bytes) => {
      bytes.set(original.subarray(one.at, one.at + one.length), two.at);
      bytes.set(original.subarray(two.at, two.at + two.length), one.at);
    });
  },
  'cut at either end': (original, _other, _parts, draw) => {
    const length = draw(original.length);
    return draw(2) === 0 ? original.slice(0, length) : original.slice(original.length - length);
  },
  extended: (original, _other, _parts, draw) => {
    const more = Uint8Array.from({ length: 1 + draw(8) }, () => draw(256));
    return draw(2) === 0 ? Uint8Array.of(...original, ...more) : Uint8Array.of(...more, ...original);
  },
  'range taken from the other': (original, other, _parts, draw) => {
    const at = draw(original.length);
    const end = at + 1 + draw(original.length - at);
    return changed(original, (bytes) => bytes.set(other.subarray(at, end), at));
  },
  'part taken from the other': (original, other, parts, draw) => {
    const { at, length } = pick(parts, draw);
    return changed(original, (bytes) => bytes.set(other.subarray(at, at + length), at));
  },
};

/** As many mutants as asked for, of all kinds in turn; none of them is the original or one of the others. */
export function* mutantsOf(
  original: Uint8Array,
  others: readonly Uint8Array[],
  parts: readonly Part[],
  { count, seed }: { readonly count: number; readonly seed: number },
): Generator<{ readonly kind: string; readonly bytes: Uint8Array }> {
  const draw = seeded(seed);
  const kinds = Object.entries(mutations);
  for (let made = 0; made < count;) {
    const [kind, mutate] = pick(kinds, draw);
    const bytes = mutate(original, pick(others, draw), parts, draw);
    if ([original, ...others].some((valid) => equalBytes(valid, bytes))) continue;
    made++;
    yield { kind, bytes };
  }
}
