/** How a reader must end. */
export type Expectation = 'success' | 'malformed' | 'refused' | 'payload';

export interface Vector {
  readonly name: string;
  readonly expect: Expectation;
  readonly comment: string;
  /** The reader's key: kind and value. */
  readonly key: readonly ['passphrase' | 'x25519-secret' | 'data-key', string];
  readonly content?: Uint8Array | undefined;
  readonly mediaType?: string | undefined;
  readonly measuredAt?: number | undefined;
  readonly file: Uint8Array;
}

export type VectorMaker = (name: string) => Promise<Vector>;
