/**
 * Where a proxy keeps what must survive it: how far it has read the ledger, the sealed fragments in its charge, the
 * notices it took. Holds no secret in the clear: fragments lie as they came, sealed to the proxy's receiving key.
 */
export interface ProxyState {
  /** What was saved last, `undefined` the first time. */
  load(): Promise<Uint8Array | undefined>;
  /** Resolves once the bytes would survive a crash. A crash during `save` leaves the old bytes or the new ones, whole. */
  save(bytes: Uint8Array): Promise<void>;
}
