import type { HashReader } from '@medseal/core/tlog';

/** A committed state of a log, to be published. Its entries and hashes never change; later states only add to them. */
export interface TileSource {
  /** Number of entries. */
  readonly size: number;
  /** Signed checkpoint of this size. */
  readonly checkpoint: string;
  /** What a ledger is made anew with, should its database be lost; published as `genesis`. It holds no secret. */
  readonly genesis?: string | undefined;
  /** Hash of a complete subtree within the size. */
  readonly hash: HashReader;
  /** Canonical bytes of the entries from `from` up to, not with, `to`; at most 256 are asked for at once. */
  entries(from: number, to: number): readonly Uint8Array[];
}
