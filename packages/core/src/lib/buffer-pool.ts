/** Memory for pieces that are made one after the other and soon done with. */
export interface BufferPool {
  /** Exactly so many bytes, holding anything. */
  take(length: number): Uint8Array;
  /** Takes back what `take` gave out, once; nobody may look at it any more. Other bytes are left alone. */
  give(piece: Uint8Array): void;
}

/** One is being filled, others are on their way to a disk. */
const MAX_SPARE = 4;

/**
 * Left to the garbage collector, some 50 MiB of pieces pile up before it looks at them, and taking fresh memory from the
 * system costs more than encrypting into it.
 */
export function bufferPool(): BufferPool {
  const lent = new WeakSet<ArrayBufferLike>();
  let spare: ArrayBufferLike[] = [];
  return {
    take(length) {
      const buffer = spare.find(({ byteLength }) => byteLength >= length) ?? new ArrayBuffer(length);
      spare = spare.filter((other) => other !== buffer);
      lent.add(buffer);
      return new Uint8Array(buffer, 0, length);
    },
    give({ buffer }) {
      if (lent.delete(buffer) && spare.length < MAX_SPARE) spare.push(buffer);
    },
  };
}
