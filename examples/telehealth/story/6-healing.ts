import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import {
  issueTicket,
  type MirroredStore,
  openRecord,
  type PartConfig,
  type SealedRecord,
  sealRecord,
  type Store,
} from '@medseal/core';
import { damageLargestFile } from '../imaging/damage-largest-file.ts';
import { type LargeDicom, largeDicom } from '../imaging/large-dicom.ts';
import { type Stage, tell } from './stage.ts';

const MEGABYTE = 1_000_000;
const DAY = 86_400_000;
const imaging = { compartment: 'imaging', dataClass: 'imaging' } as const;

/** A large CT series is sealed; where the store is a mirror, one copy is damaged on disk, and nobody who reads notices. */
export async function heal(stage: Stage, bytes: number): Promise<void> {
  const { cast, narrator, network } = stage;
  const { nora, clemente } = cast;
  const series = await largeDicom(bytes);
  const { store } = network;
  const folder = isMirror(store) ? firstCopy(stage) : undefined;
  narrator.chapter(
    folder === undefined
      ? '6  Imaging: a CT series is sealed and opened'
      : '6  Healing: a CT series lies in more than one place, and one copy is damaged',
  );
  await tell(
    stage,
    'Clemente Kreiger lets Dr Nora seal records of class imaging',
    () => issueTicket(clemente, { author: nora.id, ...imaging, until: new Date(Date.now() + 30 * DAY) }),
    () => 'a signed ticket, nothing on the ledger',
  );
  const what = { patient: clemente.id, ...imaging, content: series.content(), mediaType: 'application/dicom' };
  const record = await tell(
    stage,
    `Dr Nora seals a CT series of ${Math.round(series.size / MEGABYTE)} MB`,
    () => sealRecord(nora, what, { onProgress: progress(stage, 'sealed', series) }),
    ({ receipt }) => receipt,
  );
  if (isMirror(store) && folder !== undefined) {
    await store.settled();
    await damageLargestFile(folder);
    narrator.note('one bit of the first copy is turned over on the disk');
  }
  await tell(
    stage,
    `Clemente Kreiger opens it${folder === undefined ? '' : ' all the same'}`,
    () => openAndCompare(stage, record, series),
    (said) => said,
  );
  if (isMirror(store) && folder !== undefined)
    await tell(
      stage,
      'Every object is read in every place, and what is damaged is restored',
      () => scrub(store),
      (said) => said,
    );
}

function isMirror(store: Store): store is MirroredStore {
  return 'scrub' in store && 'repairs' in store;
}

/** Folder of a mirror's first copy, where that copy is one. */
function firstCopy({ network: { config } }: Stage): string | undefined {
  const copies = config.store['copies'] as Readonly<Record<string, PartConfig>> | undefined;
  const directory = Object.values(copies ?? {})[0]?.['directory'];
  return typeof directory === 'string' ? resolve(config.base ?? '', directory) : undefined;
}

/** Tells at every quarter how far it has come. */
function progress({ narrator }: Stage, done: string, { size }: LargeDicom): (bytes: number) => void {
  let next = 0.25;
  return (bytes) => {
    if (bytes < next * size) return;
    narrator.progress(`${done} ${Math.round(bytes / MEGABYTE)} of ${Math.round(size / MEGABYTE)} MB`);
    next += 0.25;
  };
}

/** @throws Error when what was opened is not, byte for byte, what was sealed. */
async function openAndCompare(stage: Stage, { id }: SealedRecord, series: LargeDicom): Promise<string> {
  const opened = await openRecord(stage.cast.clemente, { record: id }, { onProgress: progress(stage, 'read', series) });
  const [seen, sealed] = [createHash('sha256'), createHash('sha256')];
  for await (const piece of opened.content) seen.update(piece);
  for await (const piece of series.content()) sealed.update(piece);
  if (!seen.digest().equals(sealed.digest())) throw new Error('The series is not what was sealed');
  return 'the same, byte for byte';
}

/** @throws Error unless exactly one copy of one object had to be restored, on reading or now. */
async function scrub(mirror: MirroredStore): Promise<string> {
  await mirror.settled();
  const { objects } = await mirror.scrub();
  const restored = mirror.repairs.ended.filter(({ outcome }) => outcome === 'done').length;
  const again = await mirror.scrub();
  const faults = [...again.copies.values()].flatMap(({ damaged, missing }) => [...damaged, ...missing]);
  if (restored !== 1 || faults.length > 0) throw new Error('The damaged copy has not healed');
  return `${objects} objects in ${mirror.health.length} places, ${restored} copy restored`;
}
