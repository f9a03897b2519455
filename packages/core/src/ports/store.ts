import type { Hex } from '@medseal/protocol';
import type { CallOptions } from './call-options.ts';

/** Reference to a stored object. The digest is what counts; the locator is a hint for the store that gave it. */
export interface BlobRef {
  /** SHA-256 of the bytes. */
  readonly digest: Hex;
  /** Bytes. */
  readonly size: number;
  readonly locator: string;
}

export interface PutOptions extends CallOptions {
  /**
   * SHA-256 of the bytes, which the caller knows once the stream has ended: a store that is given it need not hash them
   * as well.
   */
  readonly digest?: (() => Hex) | undefined;
  /**
   * A store may call this with each piece that it has done with: neither it nor anybody whom it gave the piece to looks
   * at it again. Its memory then holds a later piece. A store that need not hurry leaves it out.
   */
  readonly recycle?: ((piece: Uint8Array) => void) | undefined;
}

/** Which bytes of an object to read: all, unless told. */
export interface ReadOptions extends CallOptions {
  /** First byte, from 0. */
  readonly start?: number | undefined;
  /** The byte behind the last. */
  readonly end?: number | undefined;
  /** The reader has done with a piece when it asks for the next, whose bytes may then stand in the same memory. */
  readonly reuse?: boolean | undefined;
  /**
   * How often these bytes have been read and turned out not to be authentic: a store with several copies asks another
   * one each time. Others pass it over.
   */
  readonly attempt?: number | undefined;
}

/** Where sealed payloads lie. Untrusted: it sees ciphertext only, and everything it gives is checked by its digest. */
export interface Store extends AsyncDisposable {
  readonly supports: {
    /** `erase`: the bytes are gone as far as the medium can. `unlink`: nothing finds them here, but copies may remain. */
    readonly delete: 'erase' | 'unlink';
    /** Copies that it can read an object from, where they may differ; one, unless told. */
    readonly copies?: number;
  };
  /** Streams in. An aborted or failed put leaves nothing visible. */
  put(blob: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<BlobRef>;
  /**
   * Streams out, the whole object or a range of it. What a range does not need is not read from the backend.
   *
   * @throws AbsentError when there is no such object, StoreUnavailableError when the store does not answer, RangeError
   *   unless 0 ≤ start ≤ end ≤ size of the object; all of them when the stream is read.
   */
  get(ref: BlobRef, options?: ReadOptions): AsyncIterable<Uint8Array>;
  has(ref: BlobRef, options?: CallOptions): Promise<boolean>;
  delete(ref: BlobRef, options?: CallOptions): Promise<void>;
}
