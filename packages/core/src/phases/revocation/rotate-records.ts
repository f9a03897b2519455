import { concat, fromHex, type Hex, toHex } from '@medseal/protocol';
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { Actor } from '../../actor/actor.ts';
import { depositRecord, destinationOf } from '../../actor/deposit-record.ts';
import { erase } from '../../actor/erase.ts';
import { findHeader } from '../../actor/find-header.ts';
import { openWithKey } from '../../actor/open-with-key.ts';
import { ownTicket } from '../../actor/own-ticket.ts';
import { dataKeyOfOwner } from '../../actor/owner-key.ts';
import type { SubmitOptions } from '../../actor/submit-command.ts';
import { compartmentTag } from '../../keys/compartment.ts';
import { tagWord } from '../../lib/tag-word.ts';
import type { RecordView } from '../../view/facts.ts';

export interface RotateRecordsOptions extends SubmitOptions {
  /** Told after each record how many of how many are done. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

export interface RotatedRecord {
  readonly old: Hex;
  readonly fresh: Hex;
}

/**
 * Seals the existing records of a compartment anew, under fresh data keys in the present epoch, and erases the old ones:
 * after a revocation, so that not even proxies who kept their fragments could open them for the former grantee. The
 * patient becomes the author of the new ones. An interrupted rotation goes on where it stopped when called again.
 *
 * @throws AbsentError when a header or payload is gone, and what sealing and the ledger throw; records before it are done.
 */
export async function rotateRecords(
  patient: Actor,
  { compartment: name }: { readonly compartment: string },
  { onProgress, ...options }: RotateRecordsOptions = {},
): Promise<readonly RotatedRecord[]> {
  const { network, keys, id } = patient;
  await network.view.sync(options);
  const compartment = compartmentTag(keys, name);
  const epoch = network.view.epoch(id, compartment);
  const outdated = [...network.view.records()].filter(
    (record) => record.owner === id && record.compartment === compartment && record.epoch < epoch && !record.erased,
  );
  const rotated: RotatedRecord[] = [];
  for (const record of outdated) {
    const fresh = replacementOf(patient, record, epoch) ?? (await sealAnew(patient, record, epoch, options));
    await erase(patient, { record, reason: 'rotated' }, options);
    rotated.push({ old: record.id, fresh });
    onProgress?.(rotated.length, outdated.length);
  }
  return rotated;
}

/** The salt of a replacement tells whose it is, so that an interrupted rotation seals no record twice. */
function rotationSalt(record: RecordView, epoch: number): Hex {
  const epochBytes = new Uint8Array(new Uint32Array([epoch]).buffer);
  return toHex(keccak_256(concat(tagWord('medseal rotation'), fromHex(record.id), epochBytes)));
}

function replacementOf({ network, id }: Actor, record: RecordView, epoch: number): Hex | undefined {
  const salt = rotationSalt(record, epoch);
  return [...network.view.records()].find(({ owner, anchor }) => owner === id && anchor.salt === salt)?.id;
}

async function sealAnew(patient: Actor, record: RecordView, epoch: number, options: SubmitOptions): Promise<Hex> {
  const { network } = patient;
  const found = await findHeader(network, record, options);
  const dataKey = await dataKeyOfOwner(patient, found.header, record);
  const opened = await openWithKey(network, { record, found, dataKey }, options);
  const { compartment, level } = record;
  const { id } = await depositRecord(
    patient,
    {
      destination: destinationOf(patient, await ownTicket(patient, { compartment, level, epoch })),
      content: opened.content,
      mediaType: opened.mediaType,
      measuredAt: opened.measuredAt,
      salt: rotationSalt(record, epoch),
    },
    options,
  );
  return id;
}
