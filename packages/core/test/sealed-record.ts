import { decapsulateOriginal, type PublicKey, publicKeyOf } from '@medseal/umbral';
import { type CompartmentLabel, compartmentTag, delegatingKey } from '../src/keys/compartment.ts';
import { generateKeys } from '../src/keys/participant-keys.ts';
import { type MemoryStore, memoryStore } from '../src/memory/memory-store.ts';
import type { ParticipantKeys } from '../src/ports/key-store.ts';
import { unwrapWith } from '../src/recipients/umbral-stanza.ts';
import { parseHeader } from '../src/seal/header.ts';
import { sealContent, type SealedContent, type SealParameters } from '../src/seal/seal-content.ts';
import { issueTicket, type Ticket } from '../src/seal/ticket.ts';
import { verifyDeposit } from '../src/seal/verify-deposit.ts';

export const domain = `0x${'d0'.repeat(32)}` as const;
export const otherDomain = `0x${'d1'.repeat(32)}` as const;

/** Ledger time of the tests, seconds. */
export const now = 1_800_000_000;

/** A patient who has given an author a ticket, and a store. */
export interface Ward {
  readonly patient: ParticipantKeys;
  readonly author: ParticipantKeys;
  readonly label: CompartmentLabel;
  readonly ticket: Ticket;
  readonly ticketBytes: Uint8Array;
  readonly delegatingPublicKey: PublicKey;
  readonly store: MemoryStore;
}

export async function openWard(): Promise<Ward> {
  const patient = generateKeys();
  const author = generateKeys();
  const label: CompartmentLabel = { compartment: compartmentTag(patient, 'cardiology'), level: 'moderate', epoch: 3 };
  const delegatingPublicKey = publicKeyOf(delegatingKey(patient, label));
  const ticket: Ticket = {
    domain,
    patient: patient.address,
    author: author.address,
    ...label,
    delegatingPublicKey,
    until: now + 1000,
  };
  const ticketBytes = await issueTicket(ticket, patient.signer);
  return { patient, author, label, ticket, ticketBytes, delegatingPublicKey, store: memoryStore() };
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Parameters with which the author seals some content for the patient. */
export function sealing(
  ward: Ward,
  content: SealParameters['content'] = utf8('blood pressure 120/80'),
): SealParameters {
  return {
    domain,
    owner: ward.patient.address,
    author: ward.author.address,
    ...ward.label,
    content,
    mediaType: 'text/plain',
    measuredAt: now - 60,
    store: ward.store,
    deposit: { ticket: ward.ticketBytes, time: now },
  };
}

export function seal(ward: Ward, content?: SealParameters['content']): Promise<SealedContent> {
  return sealContent(sealing(ward, content));
}

/** The data key of a record, as the patient comes to it. */
export async function dataKeyOf({ patient, label }: Ward, bytes: Uint8Array): Promise<Uint8Array> {
  const header = parseHeader(bytes);
  const { capsule } = verifyDeposit(header, { domain, time: now });
  const kemKey = decapsulateOriginal(delegatingKey(patient, label), capsule);
  return unwrapWith(kemKey, header.stanzas[0], header);
}

/** A copy with one bit of the byte at `index` flipped. */
export function flipped(bytes: Uint8Array, index: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[index] = (copy[index] ?? 0) ^ (1 << (index % 8));
  return copy;
}

/** What a promise rejects with; fails when it does not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('The promise did not reject');
}
