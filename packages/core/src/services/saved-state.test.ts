import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { encodeState, parseState, type SavedState } from './saved-state.ts';

const some = fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes));
/** Few different lists, so that neighbours often share one. */
const records = fc.option(
  fc.constantFrom(1, 2).map((seed) => new Uint8Array(100).fill(seed)),
  { nil: undefined },
);
const states: fc.Arbitrary<SavedState> = fc.record({
  checkpoint: fc.record({ length: fc.nat(), digest: fc.constant(new Uint8Array(32).fill(9)) }),
  deliveries: fc.array(fc.record({ manifest: some, box: some, records }), { maxLength: 6 }),
  notices: fc.array(some, { maxLength: 3 }),
});

it('comes back as it was saved, in one encoding, with a list once for neighbours that share it', () => {
  fc.assert(
    fc.property(states, (state) => {
      const bytes = encodeState(state);
      const parsed = parseState(bytes);
      expect(parsed).toEqual(state);
      expect(encodeState(parsed)).toEqual(bytes);
      const { deliveries } = state;
      const written = deliveries.filter(
        (delivery, index) =>
          delivery.records !== undefined && delivery.records[0] !== deliveries[index - 1]?.records?.[0],
      );
      const others = encodeState({ ...state, deliveries: deliveries.map((one) => ({ ...one, records: undefined })) });
      expect(bytes.length - others.length).toBe(104 * written.length);
    }),
  );
});

it('is refused where the first delivery shares the list of one before it, or cut short', () => {
  const checkpoint = { length: 0, digest: new Uint8Array(32) };
  const delivery = { manifest: new Uint8Array(1), box: new Uint8Array(1), records: new Uint8Array(1) };
  const bytes = encodeState({ checkpoint, deliveries: [delivery], notices: [] });
  for (let length = 0; length < bytes.length; length++)
    expect(() => parseState(bytes.slice(0, length))).toThrow(MalformedObjectError);
  const place = bytes.length - 6;
  expect(bytes[place]).toBe(1);
  for (const kind of [2, 3])
    expect(() => parseState(Uint8Array.from([...bytes.slice(0, place), kind]))).toThrow('records');
});
