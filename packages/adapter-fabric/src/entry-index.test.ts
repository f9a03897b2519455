import { decodeCommand, idOf } from '@medseal/protocol';
import { expect, test } from 'vitest';
import { Registrar, word } from '../test/people.ts';
import { EntryIndex } from './entry-index.ts';

const domain = word(1);
const wire = await new Registrar(domain, () => 0).use(word(10));
const id = idOf(decodeCommand(wire).command, domain);
const entry = { cursor: '000000000003-000000', time: 5, wire, violation: 'NO_GRANT' } as const;

test('keeps the first receipt of a command', () => {
  const index = new EntryIndex(domain, 3);
  expect(index.get(id)).toBeUndefined();
  index.add({ number: 3, entries: [entry] });
  index.add({ number: 4, entries: [{ ...entry, cursor: '000000000004-000000', time: 9 }] });
  expect(index.get(id)).toEqual({ id, cursor: entry.cursor, time: 5, violation: 'NO_GRANT' });
});

test('waits for blocks', async () => {
  const index = new EntryIndex(domain, 3);
  await index.reached(3, 1);
  let reached = false;
  const waiting = index.reached(5, 10_000).then(() => (reached = true));
  index.add({ number: 3, entries: [] });
  await Promise.resolve();
  expect(reached).toBe(false);
  index.add({ number: 4, entries: [] });
  await waiting;
  expect(reached).toBe(true);
});

test('fails when no block comes', async () => {
  const index = new EntryIndex(domain, 0);
  await expect(index.reached(1, 20)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
});

test('ends with the reason of a signal', async () => {
  const index = new EntryIndex(domain, 0);
  const stop = new AbortController();
  const waiting = index.reached(1, 10_000, stop.signal);
  const reason = new Error('closed');
  stop.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});

test('tells what ended it', async () => {
  const index = new EntryIndex(domain, 0);
  const waiting = index.reached(1, 10_000);
  const error = new Error('no entry');
  index.end(error);
  await expect(waiting).rejects.toBe(error);
  await expect(index.reached(1, 10_000)).rejects.toBe(error);
  await index.reached(0, 10_000);
});
