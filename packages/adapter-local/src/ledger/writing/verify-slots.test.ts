import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Finding, LONGEST, SLOTS, VerifySlots } from './verify-slots.ts';

const id = (n: number): Finding => ({ id: `0x${n.toString(16).padStart(64, '0')}` });

/** The words in which numbers are counted, set as after `n` commands. */
function slotsAfter(n: number): VerifySlots {
  const slots = new VerifySlots();
  const words = new Int32Array(slots.memory);
  for (const line of [0, 1, 2]) words[16 * line] = n | 0;
  return slots;
}

test.each([0, 2 ** 31 - 3, 2 ** 32 - 3])('hands on commands and findings in order, from number %d', (first) => {
  const slots = slotsAfter(first);
  const wires = [1, 2, 3, 4, 5].map((length) => new Uint8Array(length).fill(length));
  wires.forEach((wire, i) => slots.put(first + i, wire));
  slots.publish(first + wires.length);
  const findings: Finding[] = wires.map((_, i) => (i === 2 ? { code: 'BAD_SIGNATURE' } : id(i)));
  for (const [i, wire] of wires.entries()) {
    const taken = slots.take(0) ?? Number.NaN;
    expect(taken).toBe((first + i) | 0);
    expect(slots.wire(taken)).toEqual(wire);
    expect(slots.found(first + i)).toBeUndefined();
    slots.answer(taken, findings[i] ?? id(0));
  }
  expect(slots.take(0)).toBeUndefined();
  expect(wires.map((_, i) => slots.found(first + i))).toEqual(findings);
});

test('gives a slot again, whatever was found in it', () => {
  const slots = new VerifySlots();
  const longest = new Uint8Array(LONGEST).fill(0xff);
  for (const n of [0, SLOTS]) {
    slots.put(n, longest);
    slots.put(n + 1, Uint8Array.of(7));
    slots.publish(n + 2);
    expect([slots.found(n), slots.found(n + 1)]).toEqual([undefined, undefined]);
    for (const wire of [longest, Uint8Array.of(7)]) {
      const taken = slots.take(0) ?? Number.NaN;
      expect(slots.wire(taken)).toEqual(wire);
      slots.answer(taken, id(n));
    }
    expect(slots.found(n + 1)).toEqual(id(n));
    // The commands between, to come round to the same slots.
    for (let between = n + 2; between < n + SLOTS; between++) {
      slots.put(between, Uint8Array.of(1));
      slots.publish(between + 1);
      slots.answer(slots.take(0) ?? Number.NaN, { code: 'MALFORMED' });
    }
  }
});

test('wakes once, when as many are answered as were wanted', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(60), fc.integer({ min: 1, max: 60 }), (given, some, wakeAt) => {
      const answered = Math.min(some, given);
      const slots = new VerifySlots();
      for (let n = 0; n < given; n++) slots.put(n, Uint8Array.of(n));
      slots.publish(given);
      for (let n = 0; n < answered; n++) expect(slots.answer(n, id(n))).toBe(false);
      expect(slots.answered).toBe(answered);
      expect(slots.sleep(wakeAt)).toBe(answered < wakeAt);
      const woken: number[] = [];
      for (let n = answered; n < given; n++) if (slots.answer(n, id(n))) woken.push(n + 1);
      expect(woken).toEqual(answered < wakeAt && wakeAt <= given ? [wakeAt] : []);
    }),
  );
});
