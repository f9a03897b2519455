import { DatabaseSync } from 'node:sqlite';
import type { Entity, StateKey, StateValue, StateWrite } from '@medseal/protocol';
import { expect, test } from 'vitest';
import { TABLES } from '../database/schema.ts';
import { tablesOf } from '../database/tables.ts';
import { nameOfPath } from '../tail/key-name.ts';
import { Tail } from '../tail/tail.ts';
import { RecentState } from './recent-state.ts';

/** Counts what is decoded. */
class Words implements Entity<StateValue> {
  readonly name = 'word';
  decoded = 0;

  encode(value: StateValue): Uint8Array {
    return new Uint8Array(32).fill(Number(value));
  }

  decode(word: Uint8Array): StateValue {
    this.decoded++;
    return (word[0] ?? 0) as unknown as StateValue;
  }
}

function made() {
  const database = new DatabaseSync(':memory:');
  for (const sql of TABLES) database.exec(sql);
  const tables = tablesOf(database);
  tables.state.begin();
  const { state } = new Tail(tables);
  const entity = new Words();
  const key = (path: string | number): StateKey<StateValue> => ({ entity, path: String(path) });
  const write = (path: string | number, value: number): StateWrite => {
    const written = { key: key(path), value: value as unknown as StateValue };
    state.put(nameOfPath(String(path)), entity.encode(written.value));
    return written;
  };
  return { recent: new RecentState(state), entity, key, write };
}

test('decodes what was read or written lately once, and knows what is not there', () => {
  const { recent, entity, key, write } = made();
  write('a', 1);
  for (let i = 0; i < 3; i++) expect(recent.read(key('a'))).toBe(1);
  expect(entity.decoded).toBe(1);
  expect(recent.read(key('b'))).toBeUndefined();
  recent.changed([write('b', 2), write('a', 3)]);
  expect([recent.read(key('a')), recent.read(key('b'))]).toEqual([3, 2]);
  expect(entity.decoded).toBe(1);
});

test('what a failed commit left behind is forgotten', () => {
  const { recent, key, write } = made();
  expect(recent.read(key('a'))).toBeUndefined();
  write('a', 1);
  recent.clear();
  expect(recent.read(key('a'))).toBe(1);
});

test('holds a bounded number, and reads the others again', () => {
  const { recent, entity, key, write } = made();
  for (let path = 0; path < 10_000; path++) write(path, path % 200);
  for (let path = 0; path < 10_000; path++) expect(recent.read(key(path))).toBe(path % 200);
  const { decoded } = entity;
  expect(recent.read(key(9_999))).toBe(199);
  expect(entity.decoded).toBe(decoded);
  expect(recent.read(key(0))).toBe(0);
  expect(entity.decoded).toBe(decoded + 1);
});
