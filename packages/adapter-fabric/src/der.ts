// Enough of DER (X.690) for signatures and block headers: everything is shorter than 128 bytes.

export function derInteger(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  // A leading bit of 1 would mean a negative number.
  return der(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

export function derOctets(bytes: Uint8Array): Uint8Array {
  return der(0x04, bytes);
}

export function derSequence(...parts: readonly Uint8Array[]): Uint8Array {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, content: Uint8Array): Uint8Array {
  if (content.length >= 0x80) throw new RangeError('Only the short form of DER lengths is supported');
  return Buffer.concat([Buffer.of(tag, content.length), content]);
}
