import type { Store } from '../ports/store.ts';
import { Background } from './background.ts';
import { Bandwidth } from './bandwidth.ts';
import { Copy } from './copy.ts';
import { Debts } from './debts.ts';
import { KnownRefs } from './known-refs.ts';
import type { MirrorParts } from './mirror-parts.ts';
import { ObjectLocks } from './object-locks.ts';
import { repairObject } from './repair-object.ts';
import { type RepairEvent, RepairQueue } from './repair-queue.ts';
import type { MirrorSettings } from './settings.ts';
import type { StateCalls } from './state-calls.ts';

export interface MakePartsOptions {
  readonly settings: MirrorSettings;
  readonly state: StateCalls;
  readonly onEvent: (event: RepairEvent) => void;
}

export function makeParts(
  stores: Readonly<Record<string, Store>>,
  { settings, state, onEvent }: MakePartsOptions,
): MirrorParts {
  const { concurrency, attempts, bytesPerSecond } = settings;
  const copies = Object.entries(stores).map(([name, store]) => new Copy(name, store));
  const parts: MirrorParts = {
    copies,
    settings,
    bandwidth: new Bandwidth(bytesPerSecond),
    debts: new Debts(state, copies),
    known: new KnownRefs(),
    locks: new ObjectLocks(),
    background: new Background(),
    queue: new RepairQueue({
      concurrency,
      attempts,
      run: (job, signal) => repairObject(parts, job, signal),
      onEvent,
    }),
  };
  return parts;
}
