import { createHash } from 'node:crypto';
import { concat } from '@medseal/protocol';
import { fixRandomness } from './fixed-randomness.ts';
import { malformedVectors } from './malformed-vectors.ts';
import { goodVectors } from './good-vectors.ts';
import { payloadVectors } from './payload-vectors.ts';
import { refusedVectors } from './refused-vectors.ts';
import type { Vector } from './vector.ts';

/** All vectors. Each has randomness of its own, so that a new one changes none. */
export async function* makeVectors(): AsyncGenerator<{ readonly name: string; readonly bytes: Uint8Array }> {
  const makers = { ...goodVectors, ...malformedVectors, ...refusedVectors, ...payloadVectors };
  for (const [name, make] of Object.entries(makers)) {
    fixRandomness(name);
    yield { name, bytes: encodeVector(await make(name)) };
  }
}

/** Lines of text, an empty line, the sealed file. */
function encodeVector(vector: Vector): Uint8Array {
  const { expect, comment, key, content, mediaType, measuredAt, file } = vector;
  const fields: readonly (readonly [string, string | number | undefined])[] = [
    ['comment', comment],
    ['expect', expect],
    key,
    ['media-type', mediaType],
    ['measured-at', measuredAt],
    ['content-size', content?.length],
    ['content-sha256', content && createHash('sha256').update(content).digest('hex')],
  ];
  const lines = fields.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}\n`);
  return concat(new TextEncoder().encode(`${lines.join('')}\n`), file);
}
