import { fromHex, type Hex } from '@medseal/protocol';
import { beforeEach, expect, it } from 'vitest';
import type { Actor } from '../src/actor/actor.ts';
import { StoreUnavailableError } from '../src/errors/store-errors.ts';
import { memoryViewStore } from '../src/memory/memory-view-store.ts';
import { issueTicket } from '../src/phases/setup/issue-ticket.ts';
import { grantAccess } from '../src/phases/sharing/grant-access.ts';
import { learnRecordLists } from '../src/phases/sharing/learn-record-lists.ts';
import { sealRecord } from '../src/phases/storage/seal-record.ts';
import type { ViewStore } from '../src/ports/view-store.ts';
import { LedgerView } from '../src/view/ledger-view.ts';
import { readersOf } from '../src/view/readers.ts';
import { failure, type Hospital, openHospital } from './hospital.ts';

let at: Hospital;
let records: readonly [Hex, Hex];
beforeEach(async () => {
  at = await openHospital();
  records = [await seal('one'), await seal('two')];
});

async function seal(content: string): Promise<Hex> {
  const right = { compartment: 'general', dataClass: 'medical-record' } as const;
  await issueTicket(at.patient, { author: at.doctor.id, ...right, until: at.after(86_400) });
  const what = { content: new TextEncoder().encode(content), mediaType: 'text/plain' };
  return (await sealRecord(at.doctor, { patient: at.patient.id, ...right, ...what })).id;
}

/** The actor after a start, with a view that has this store. */
function started(actor: Actor, store: ViewStore): Actor {
  const view = new LedgerView(at.ledger, { now: () => at.time, store });
  return { ...actor, network: { ...actor.network, view } };
}

/** How many can read each of the records, as far as this actor knows, whose directory does not answer. */
async function readersWithoutDirectory(actor: Actor, store: ViewStore): Promise<readonly number[]> {
  const device = started(actor, store);
  const refuse = (): Promise<never> => Promise.reject(new StoreUnavailableError('down'));
  const directory = Object.assign(Object.create(at.directory) as typeof at.directory, { get: refuse });
  await learnRecordLists({ ...device, network: { ...device.network, directory } });
  return records.map((id) => readersOf(device.network.view, id).length);
}

function grantFirst(patient: Actor): Promise<unknown> {
  return grantAccess(patient, { grantee: at.colleague.id, until: at.after(3600), records: [records[0]] });
}

it('the list that a patient has granted needs no directory after a start', async () => {
  const store = memoryViewStore();
  const patient = started(at.patient, store);
  await patient.network.view.sync();
  await grantFirst(patient);
  expect(await readersWithoutDirectory(at.patient, store)).toEqual([2, 1]);
  // Hers is sealed to her.
  expect(await failure(readersWithoutDirectory(at.colleague, store))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

it('a list that was once found in the directory is kept for each who can open it, and for nobody in the clear', async () => {
  await grantFirst(at.patient);
  const shared = memoryViewStore();
  for (const actor of [at.patient, at.colleague]) {
    expect(await failure(readersWithoutDirectory(actor, shared))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await learnRecordLists(started(actor, shared));
    expect(await readersWithoutDirectory(actor, shared)).toEqual([2, 1]);
  }
  const lists = (await Array.fromAsync(shared.load())).filter(([kind]) => kind === 2).map((row) => Buffer.from(row));
  expect(lists).toHaveLength(2);
  for (const list of lists) for (const id of records) expect(list.includes(Buffer.from(fromHex(id)))).toBe(false);
});
