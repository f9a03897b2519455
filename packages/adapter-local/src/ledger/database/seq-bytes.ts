/** Bytes of the number of an entry. */
export const SEQ = 6;

/** Number of an entry as tables keep it. */
export function seqBytes(seq: number): Uint8Array {
  const bytes = Buffer.alloc(SEQ);
  bytes.writeUIntBE(seq, 0, SEQ);
  return bytes;
}

export function readSeq(bytes: Uint8Array): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUIntBE(0, SEQ);
}
