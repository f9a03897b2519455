const BYTES = 6;

/** Number of an entry as the table of ids keeps it. */
export function seqBytes(seq: number): Uint8Array {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeUIntBE(seq, 0, BYTES);
  return bytes;
}

export function readSeq(bytes: Uint8Array): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUIntBE(0, BYTES);
}
