const VARINT = 0;
const LENGTH_DELIMITED = 2;

/**
 * Last field with this number in a protobuf message, without decoding the rest. Reads what Fabric's envelopes are made
 * of: varints and length-delimited fields.
 *
 * @throws RangeError on other types of fields.
 */
export function readField(message: Uint8Array, number: number): number | Uint8Array | undefined {
  let found: number | Uint8Array | undefined;
  let offset = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let scale = 1; offset < message.length; scale *= 128) {
      const byte = message[offset++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (offset < message.length) {
    const tag = readVarint();
    const type = tag & 7;
    if (type !== VARINT && type !== LENGTH_DELIMITED) throw new RangeError('The protobuf field is of another type');
    const value = readVarint();
    const isWanted = tag >>> 3 === number;
    if (type === VARINT) {
      if (isWanted) found = value;
    } else {
      if (isWanted) found = message.subarray(offset, offset + value);
      offset += value;
    }
  }
  return found;
}

/** The bytes, text or message that lies at a path of field numbers. */
export function readBytes(message: Uint8Array, ...path: readonly number[]): Uint8Array | undefined {
  let bytes: Uint8Array | undefined = message;
  for (const number of path) {
    const field: number | Uint8Array | undefined = bytes === undefined ? undefined : readField(bytes, number);
    bytes = typeof field === 'number' ? undefined : field;
  }
  return bytes;
}
