import type { Hex } from '@medseal/protocol';
import type { CallOptions } from './call-options.ts';

/** Objects that are found by an id and lie off the ledger. */
export type DirectoryKind = 'keyDocument' | 'header' | 'ticket' | 'terms' | 'manifest' | 'recordList' | 'depositTag';

/** How off-ledger objects are found. Untrusted: every answer is checked against a digest or a signature. */
export interface Directory extends AsyncDisposable {
  /** Several objects may share an id (tickets of several epochs); `put` of the same bytes again changes nothing. */
  put(kind: DirectoryKind, id: Hex, bytes: Uint8Array, options?: CallOptions): Promise<void>;
  /** All objects under this id, oldest first; empty when there are none. An outage throws, it is never "none". */
  get(kind: DirectoryKind, id: Hex, options?: CallOptions): Promise<readonly Uint8Array[]>;
  delete(kind: DirectoryKind, id: Hex, options?: CallOptions): Promise<void>;
}
