import type { Background } from './background.ts';
import type { Bandwidth } from './bandwidth.ts';
import type { Copy } from './copy.ts';
import type { Debts } from './debts.ts';
import type { KnownRefs } from './known-refs.ts';
import type { ObjectLocks } from './object-locks.ts';
import type { RepairQueue } from './repair-queue.ts';
import type { MirrorSettings } from './settings.ts';

/** What the operations of one mirror work on. */
export interface MirrorParts {
  readonly copies: readonly Copy[];
  readonly settings: MirrorSettings;
  readonly bandwidth: Bandwidth;
  readonly debts: Debts;
  readonly known: KnownRefs;
  readonly locks: ObjectLocks;
  readonly queue: RepairQueue;
  readonly background: Background;
}
