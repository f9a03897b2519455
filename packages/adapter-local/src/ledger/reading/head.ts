/** A state of the log under which the ledger put its signature. */
export interface Head {
  readonly size: number;
  readonly root: Uint8Array;
  /** The signed checkpoint: a signed note. */
  readonly note: string;
}
