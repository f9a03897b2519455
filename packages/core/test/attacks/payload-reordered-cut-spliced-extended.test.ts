import { beforeEach, expect, it } from 'vitest';
import { openRecord } from '../../src/phases/sharing/open-record.ts';
import { failure, type Hospital, openHospital } from '../hospital.ts';

const CHUNK = 65_536 + 16;
let at: Hospital;
let record: `0x${string}`;
let payload: Uint8Array;
let key: `0x${string}`;

beforeEach(async () => {
  at = await openHospital();
  record = (await at.seal('x'.repeat(65_536 * 2 + 100))).id;
  const [stored] = at.store.blobs;
  if (stored === undefined) throw new Error('nothing is stored');
  [key, payload] = stored;
});

/** The payload made of the given chunks of itself. */
function chunks(...order: readonly number[]): Uint8Array {
  return Uint8Array.from(order.flatMap((index) => [...payload.subarray(index * CHUNK, (index + 1) * CHUNK)]));
}

it.each([
  ['with two chunks exchanged', () => chunks(1, 0, 2)],
  ['with a chunk twice', () => chunks(0, 0, 2)],
  ['without its last chunk', () => chunks(0, 1)],
  ['without its first chunk', () => chunks(1, 2)],
  ['cut within a chunk', () => payload.subarray(0, CHUNK + 9)],
  ['of nothing', () => new Uint8Array()],
  ['with a chunk more', () => chunks(0, 1, 2, 1)],
  ['with a byte more', () => Uint8Array.from([...payload, 0])],
])('%s does not open, by content or by range', async (_, tamper) => {
  const whole = await openRecord(at.patient, { record });
  expect(await whole.bytes()).toHaveLength(65_536 * 2 + 100);
  at.store.blobs.set(key, tamper());
  const opened = await openRecord(at.patient, { record });
  expect(await failure(opened.bytes())).toMatchObject({ code: 'DECRYPTION_FAILED' });
});

it('spliced with a payload of the same length under another key does not open', async () => {
  const other = await at.seal('y'.repeat(65_536 * 2 + 100));
  const foreign = [...at.store.blobs].find(([digest]) => digest !== key)?.[1] ?? new Uint8Array();
  const spliced = Uint8Array.from([...payload.subarray(0, CHUNK), ...foreign.subarray(CHUNK)]);
  at.store.blobs.set(key, spliced);
  const opened = await openRecord(at.patient, { record });
  expect(await failure(opened.bytes())).toMatchObject({ code: 'DECRYPTION_FAILED' });
  await expect(openRecord(at.patient, { record: other.id })).resolves.toHaveProperty('size');
});
