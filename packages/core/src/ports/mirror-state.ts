import type { Hex } from '@medseal/protocol';
import type { CallOptions } from './call-options.ts';
import type { BlobRef } from './store.ts';

/** What a mirror still owes one of its copies. */
export interface CopyDebt {
  /** The copy's name. */
  readonly copy: string;
  /** `delete`: the object was deleted and this copy has not confirmed it. `restore`: the copy missed a put. */
  readonly task: 'delete' | 'restore';
  readonly ref: BlobRef;
}

/**
 * Where a mirror keeps what it owes its copies, so that what one copy missed is not undone by it after a restart. One
 * state, one mirror. It holds what is owed and nothing else: an entry goes when its copy has confirmed.
 *
 * Everything fails with StoreUnavailableError when the medium does.
 */
export interface MirrorState extends AsyncDisposable {
  /** Whether what it has taken survives the process, and a crash. Then a mirror may rely on it for what a copy owes. */
  readonly durable: boolean;
  /** All that is owed, in no order that means anything. */
  load(options?: CallOptions): Promise<readonly CopyDebt[]>;
  /**
   * Adds debts, each in the place of another one of the same copy and object: all or none. Resolves once they would
   * survive a crash.
   */
  owe(debts: readonly CopyDebt[]): Promise<void>;
  /** Forgets what these copies owe of an object, all copies unless told: all or none, and durable as in `owe`. */
  settle(digest: Hex, copies?: readonly string[]): Promise<void>;
}
