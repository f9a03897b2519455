import type { Keccak256, RecoverSigner } from '@medseal/protocol';
import type { ViewStore } from '../ports/view-store.ts';
import type { SnapshotTrust } from './snapshot.ts';

export interface LedgerViewOptions {
  /** The reader's own clock, seconds since 1970; the system's by default. */
  readonly now?: (() => number) | undefined;
  /** Who signed a digest: native code, where the application has some. Computed in JavaScript by default. */
  readonly recover?: RecoverSigner | undefined;
  /** Keccak-256, which makes ids of commands: in WebAssembly, where the application has some. In JavaScript by default. */
  readonly keccak256?: Keccak256 | undefined;
  /**
   * Where the view keeps what it has verified. Started again, it reads from there without checking signatures, and from
   * the ledger only what came since. Whoever can write there can make the view believe what nobody signed, unless there
   * is a `storeKey`.
   */
  readonly store?: ViewStore | undefined;
  /** Secret bytes that authenticate what the store gives back; nobody who can write to the store may know them. */
  readonly storeKey?: Uint8Array | undefined;
  /**
   * Told of a store that was damaged (ViewStoreDamagedError; the view then reads everything from the ledger) and of a
   * failure to save (StoreUnavailableError; the view then goes on without saving). Nobody is by default. What it throws is
   * ignored.
   */
  readonly onStoreFault?: ((error: unknown) => void) | undefined;
  /**
   * Snapshots that are taken on trust: the entries they cover are read without checking signatures. The rules are run
   * and the digest is compared all the same, so a signer who lies can pass off commands that nobody signed, but the
   * view then has the same false log as everybody who trusts him, and differs from all who do not.
   *
   * The store notes whose word it rests on. Go on naming the signers when the view is opened again, the snapshots need
   * not be there: what rests on a signer who is no longer named has its signatures checked then, and a store that does
   * not stand up to it is discarded (ViewStoreDamagedError).
   */
  readonly trust?: SnapshotTrust | undefined;
}
