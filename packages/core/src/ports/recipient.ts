/** One recipient's part of a header: how those who hold the right keys come to the data key. */
export interface Stanza {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Makes stanzas of one type for somebody who is to open what is sealed. After `Recipient` of age. */
export interface Recipient<Context> {
  readonly type: number;
  /**
   * Another stanza each time, bound to the context.
   *
   * @throws RangeError unless the data key has 32 bytes.
   */
  wrap(dataKey: Uint8Array, context: Context): Promise<Stanza>;
}

/** Opens the stanzas of its own type. After `Identity` of age. */
export interface Identity<Context> {
  readonly type: number;
  /**
   * The 32-byte data key.
   *
   * @throws DecryptionError, whatever is wrong: type, length, key, context or a bit.
   */
  unwrap(stanza: Stanza, context: Context): Promise<Uint8Array>;
}
