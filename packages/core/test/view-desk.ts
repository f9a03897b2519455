import { memoryViewStore } from '../src/memory/memory-view-store.ts';
import type { ViewStore } from '../src/ports/view-store.ts';
import { LedgerView } from '../src/view/ledger-view.ts';
import type { LedgerViewOptions } from '../src/view/ledger-view-options.ts';
import { type CountedLedger, countedLedger } from './counted-ledger.ts';
import type { Person } from './small-world.ts';
import { Ward } from './ward.ts';

/** A log with two people in it, and a store for views of it. */
export interface ViewDesk {
  readonly ward: Ward;
  readonly patient: Person;
  readonly doctor: Person;
  readonly ledger: CountedLedger;
  readonly store: ViewStore;
  /** What views have said of the store. */
  faults: unknown[];
  /** A view as after a start. */
  open(options?: LedgerViewOptions): LedgerView;
}

export async function viewDesk(): Promise<ViewDesk> {
  const ward = new Ward();
  const patient = await ward.world.person('patient');
  const doctor = await ward.world.person('doctor', ['provider']);
  const ledger = countedLedger(ward.world.ledger);
  const store = memoryViewStore();
  const desk: ViewDesk = {
    ward,
    patient,
    doctor,
    ledger,
    store,
    faults: [],
    open: (options = {}) =>
      new LedgerView(ledger, { store, onStoreFault: (error) => desk.faults.push(error), ...options }),
  };
  return desk;
}
