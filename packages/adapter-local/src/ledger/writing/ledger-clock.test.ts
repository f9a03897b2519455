import { expect, test } from 'vitest';
import { ClockJumpedError } from '../errors.ts';
import { LedgerClock } from './ledger-clock.ts';

const START = 1_800_000_000;

function world(last = START, accepted = false) {
  const at = { seconds: START, milliseconds: 0 };
  const sources = { clock: () => at.seconds, monotonic: () => at.milliseconds };
  /** Lets time pass, the system's clock otherwise by `step` seconds. */
  const pass = (seconds: number, step = 0): void => {
    at.seconds += seconds + step;
    at.milliseconds += seconds * 1000;
  };
  return { clock: new LedgerClock(sources, last, { accepted }), pass };
}

test('goes on with the system, in whole seconds', () => {
  const { clock, pass } = world();
  pass(1.5);
  expect(clock.now()).toBe(START + 1);
  pass(1.5);
  expect(clock.now()).toBe(START + 3);
  pass(86_400);
  expect(clock.now()).toBe(START + 86_403);
});

test('never steps back', () => {
  const { clock, pass } = world();
  pass(100);
  expect(clock.now()).toBe(START + 100);
  pass(10, -3_600);
  expect(clock.now()).toBe(START + 100);
  expect(clock.present()).toBe(START + 100);
  pass(10, 3_600);
  expect(clock.now()).toBe(START + 120);
});

test('takes a jump of 300 seconds, and refuses one of 301 until it is accepted', () => {
  const { clock, pass } = world();
  pass(10, 300);
  expect(clock.now()).toBe(START + 310);
  const other = world();
  other.pass(10, 301);
  for (let i = 0; i < 2; i++) {
    expect(() => other.clock.now()).toThrow(ClockJumpedError);
    expect(other.clock.present()).toBe(START);
  }
  other.clock.accept();
  expect(other.clock.now()).toBe(START + 311);
});

test('many small jumps are one', () => {
  const { clock, pass } = world();
  pass(1, 200);
  expect(clock.now()).toBe(START + 201);
  pass(1, 200);
  expect(() => clock.now()).toThrow(ClockJumpedError);
});

test('believes the clock again when it was put right', () => {
  const { clock, pass } = world();
  pass(1, 1_000);
  expect(() => clock.now()).toThrow(ClockJumpedError);
  pass(1, -1_000);
  expect(clock.now()).toBe(START + 2);
});

test('a clock that gains 50 ppm for a year has not jumped', () => {
  const { clock, pass } = world();
  for (let day = 0; day < 365; day++) {
    pass(86_400, 86_400 * 50e-6);
    clock.now();
  }
  expect(clock.now()).toBeGreaterThan(START + 365 * 86_400 + 1_500);
});

test('is not opened 301 seconds behind the last entry, unless accepted; then it waits at that entry', () => {
  expect(() => world(START + 301)).toThrow(ClockJumpedError);
  expect(world(START + 300).clock.now()).toBe(START + 300);
  const { clock, pass } = world(START + 1_000, true);
  expect(clock.now()).toBe(START + 1_000);
  pass(1_001);
  expect(clock.now()).toBe(START + 1_001);
});
