import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { concat } from '@medseal/protocol';
import { describe, expect, it } from 'vitest';
import { fixRandomness, replaceRandomness } from '../tools/fixed-randomness.ts';
import { makeVectors } from '../tools/format-vectors.ts';
import { DecryptionError } from '../src/errors/decryption-error.ts';
import { MalformedObjectError } from '../src/errors/malformed-object-error.ts';
import type { Content } from '../src/lib/byte-stream.ts';
import { passphraseIdentity } from '../src/recipients/passphrase-stanza.ts';
import { x25519Identity } from '../src/recipients/x25519-stanza.ts';
import { type FileKey, openFile } from '../src/seal/open-file.ts';

const folder = fileURLToPath(new URL('../../../vectors/format/', import.meta.url));
const names = readdirSync(folder)
  .filter((name) => !name.startsWith('.'))
  .toSorted();

interface Vector {
  readonly fields: ReadonlyMap<string, string>;
  readonly file: Uint8Array;
}

function readVector(name: string): Vector {
  const bytes = readFileSync(folder + name);
  const end = bytes.indexOf('\n\n');
  const lines = bytes.subarray(0, end).toString('utf8').split('\n');
  const fields = new Map(lines.map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]));
  return { fields, file: Uint8Array.from(bytes.subarray(end + 2)) };
}

function keyOf({ fields }: Vector): FileKey {
  const passphrase = fields.get('passphrase');
  if (passphrase !== undefined) return passphraseIdentity(passphrase);
  const secret = fields.get('x25519-secret');
  if (secret !== undefined) return x25519Identity(Uint8Array.from(Buffer.from(secret, 'hex')));
  return { dataKey: Uint8Array.from(Buffer.from(fields.get('data-key') ?? '', 'hex')) };
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

interface Ending {
  readonly how: string;
  readonly opened: Record<string, string>;
  readonly content: Uint8Array;
}

/** How reading ended, what the file said of itself, and what was handed out. */
async function read(file: Content, key: FileKey): Promise<Ending> {
  const pieces: Uint8Array[] = [];
  const opened: Record<string, string> = {};
  let how = 'success';
  try {
    const { mediaType, measuredAt, content } = await openFile({ file, key });
    Object.assign(opened, { 'media-type': mediaType, 'measured-at': String(measuredAt) });
    for await (const piece of content) pieces.push(piece);
  } catch (error) {
    if (error instanceof MalformedObjectError) how = 'malformed';
    else if (error instanceof DecryptionError) how = 'media-type' in opened ? 'payload' : 'refused';
    else throw error;
  }
  return { how, opened, content: concat(...pieces) };
}

/** The content of every vector: the index, and how often it has passed 256. */
function contentOf({ fields }: Vector): Uint8Array {
  const content = Uint8Array.from({ length: Number(fields.get('content-size') ?? 0) }, (_, i) => i + (i >> 8));
  const stated = fields.get('content-sha256');
  if (stated !== undefined) expect(createHash('sha256').update(content).digest('hex')).toBe(stated);
  return content;
}

function expectEnding(vector: Vector, { how, opened, content }: Ending): void {
  const { fields } = vector;
  expect(how).toBe(fields.get('expect'));
  const whole = contentOf(vector);
  if (how === 'success') {
    expect(Buffer.compare(content, whole)).toBe(0);
    for (const field of ['media-type', 'measured-at']) expect(opened[field]).toBe(fields.get(field));
  } else {
    // Never anything but an authentic beginning.
    expect(Buffer.compare(content, whole.subarray(0, content.length))).toBe(0);
    if (how !== 'payload') expect(content.length).toBe(0);
  }
}

describe('the vectors of the format', () => {
  it('are there, of each kind, with one expectation each', () => {
    const kinds = names.map((name) => readVector(name).fields.get('expect'));
    for (const kind of ['success', 'malformed', 'refused', 'payload'])
      expect(kinds.filter((one) => one === kind).length).toBeGreaterThan(10);
    expect(new Set(kinds).size).toBe(4);
  });

  it.each(names)('%s: whole, streamed, and byte by byte', async (name) => {
    const vector = readVector(name);
    const key = keyOf(vector);
    expectEnding(vector, await read(vector.file, key));
    expectEnding(vector, await read(inPieces(vector.file, 1000), key));
    expectEnding(vector, await read(inPieces(vector.file, 1), key));
  });

  it('are what their generator makes', async () => {
    replaceRandomness();
    fixRandomness('');
    const made: string[] = [];
    for await (const { name, bytes } of makeVectors()) {
      made.push(name);
      expect(Buffer.compare(readFileSync(folder + name), bytes), name).toBe(0);
    }
    expect(made.toSorted()).toEqual(names);
  });
});
