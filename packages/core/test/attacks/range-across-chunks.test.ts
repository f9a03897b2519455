import { expect, it } from 'vitest';
import { collectBytes } from '../../src/lib/byte-stream.ts';
import { openRecord } from '../../src/phases/sharing/open-record.ts';
import { failure, openHospital } from '../hospital.ts';

const CHUNK = 65_536;

it('gives the right bytes, and none of a chunk that was altered', async () => {
  const at = await openHospital();
  const text = Array.from({ length: 3 * CHUNK }, (_, index) => String.fromCharCode(97 + (index % 26))).join('');
  const record = await at.seal(text);
  const opened = await openRecord(at.patient, { record: record.id });
  const read = async (start: number, end: number): Promise<string> =>
    new TextDecoder().decode(await collectBytes(opened.range(start, end)));
  for (const [start, end] of [
    [CHUNK - 3, CHUNK + 3],
    [0, 1],
    [CHUNK, 2 * CHUNK],
    [10, 2 * CHUNK + 10],
    [3 * CHUNK - 1, 3 * CHUNK],
    [7, 7],
  ] as const)
    expect(await read(start, end)).toBe(text.slice(start, end));
  expect(() => opened.range(0, 3 * CHUNK + 1)).toThrow(RangeError);

  const [[key, payload] = ['0x', new Uint8Array()]] = at.store.blobs;
  const altered = payload.slice();
  altered[CHUNK + 16 + 5] = (altered[CHUNK + 16 + 5] ?? 0) ^ 1;
  at.store.blobs.set(key as `0x${string}`, altered);
  expect(await read(0, CHUNK)).toBe(text.slice(0, CHUNK));
  expect(await failure(read(CHUNK - 3, CHUNK + 3))).toMatchObject({ code: 'DECRYPTION_FAILED' });
  expect(await failure(read(CHUNK, CHUNK + 1))).toMatchObject({ code: 'DECRYPTION_FAILED' });
  expect(await read(2 * CHUNK, 3 * CHUNK)).toBe(text.slice(2 * CHUNK));
});
