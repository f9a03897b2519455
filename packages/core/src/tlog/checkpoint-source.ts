type Answer<T> = T | Promise<T>;

/** What a log gives to those who watch it. */
export interface CheckpointSource {
  /** The last signed checkpoint, with the cosignatures that it has. */
  checkpoint(): Answer<string>;
  /** Earlier checkpoints that witnesses cosigned, with their cosignatures, as far as they are kept. */
  cosigned(): Answer<readonly string[]>;
  /** Proof that the log of `from` entries is the beginning of that of `to` entries; `from` is 1 or more. */
  consistency(from: number, to: number): Answer<readonly Uint8Array[]>;
}
