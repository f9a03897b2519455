import { readFile } from 'node:fs/promises';
import { type Actor, issueTicket, openRecord, type SealedRecord, sealRecord } from '@medseal/core';
import type { Hex } from '@medseal/protocol';
import { type Stage, tell } from './stage.ts';

export interface Records {
  readonly clemente: SealedRecord;
  readonly liz: SealedRecord;
  readonly ned: SealedRecord;
}

const DAY = 86_400_000;

/** Each patient lets Dr Nora seal; she does, also while they are offline. */
export async function store(stage: Stage): Promise<Records> {
  const { cast, narrator } = stage;
  const { nora, clemente, liz, ned } = cast;
  narrator.chapter('2  Storage: Dr Nora seals a real FHIR bundle for each patient');
  const sealFor = async (patient: Actor, name: string): Promise<SealedRecord> => {
    await tell(
      stage,
      `${name} lets Dr Nora seal records of class medical-record`,
      () => issueTicket(patient, { author: nora.id, ...general, until: new Date(Date.now() + 30 * DAY) }),
      () => 'a signed ticket, nothing on the ledger',
    );
    const content = await readBundle(name);
    const kilobytes = Math.round(content.length / 1000);
    return tell(
      stage,
      `Dr Nora seals ${name}’s FHIR bundle (${kilobytes} kB)`,
      () => sealRecord(nora, { patient: patient.id, ...general, content, mediaType: 'application/fhir+json' }),
      ({ receipt }) => receipt,
    );
  };
  const records = {
    clemente: await sealFor(clemente, 'Clemente Kreiger'),
    liz: await sealFor(liz, 'Liz Conn'),
    ned: await sealFor(ned, 'Ned Hintz'),
  };
  await tell(
    stage,
    'Clemente Kreiger opens his own record, with his own key alone',
    () => readAndCompare(clemente, records.clemente.id, 'Clemente Kreiger'),
    (bundle) => bundle,
  );
  return records;
}

/** The compartment that Dr Nora works in. */
export const general = { compartment: 'general practice', dataClass: 'medical-record' } as const;

export function readBundle(name: string): Promise<Uint8Array> {
  const file = `${name.toLowerCase().replaceAll(' ', '-')}.json`;
  return readFile(new URL(`../data/${file}`, import.meta.url));
}

/**
 * Opens a record and tells what is in it.
 *
 * @throws Error when it is not, byte for byte, the bundle that was sealed.
 */
export async function readAndCompare(reader: Actor, record: Hex, name: string): Promise<string> {
  const opened = await openRecord(reader, { record });
  const bytes = await opened.bytes();
  if (!Buffer.from(bytes).equals(await readBundle(name))) throw new Error('The record is not what was sealed');
  const bundle = JSON.parse(new TextDecoder().decode(bytes)) as { resourceType: string; entry: readonly unknown[] };
  return `read ${bundle.resourceType} with ${bundle.entry.length} resources`;
}
