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

/** Where sealed payloads lie. Untrusted: it sees ciphertext only, and everything it gives is checked by its digest. */
export interface Store extends AsyncDisposable {
  /** Streams in. An aborted or failed put leaves nothing visible. */
  put(blob: AsyncIterable<Uint8Array>, options?: CallOptions): Promise<BlobRef>;
  /** @throws AbsentError when there is no such object, StoreUnavailableError when the store does not answer. */
  get(ref: BlobRef, options?: CallOptions): AsyncIterable<Uint8Array>;
  has(ref: BlobRef, options?: CallOptions): Promise<boolean>;
  delete(ref: BlobRef, options?: CallOptions): Promise<void>;
}
