import { concat } from '@medseal/protocol';

/** Reads the beginning of a stream in exact lengths, and leaves the rest a stream. */
export interface ByteCursor {
  /** The next bytes; fewer only where the stream ends. */
  take(length: number): Promise<Uint8Array>;
  /** Everything behind what was taken. Ending it early ends the source. */
  rest(): AsyncGenerator<Uint8Array>;
  /** Ends the source without reading on. */
  close(): Promise<void>;
}

export function byteCursor(source: AsyncIterable<Uint8Array>): ByteCursor {
  const iterator = source[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array();
  return {
    async take(length) {
      while (held.length < length) {
        const next = await iterator.next();
        if (next.done === true) break;
        held = concat(held, next.value);
      }
      const taken = held.slice(0, length);
      held = held.subarray(length);
      return taken;
    },
    async *rest() {
      if (held.length > 0) yield held;
      yield* { [Symbol.asyncIterator]: () => iterator };
    },
    async close() {
      await iterator.return?.();
    },
  };
}
