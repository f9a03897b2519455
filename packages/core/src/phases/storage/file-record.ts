import type { Hex } from '@medseal/protocol';
import type { Actor } from '../../actor/actor.ts';
import { type DepositOptions, depositRecord, destinationOf, type SealedRecord } from '../../actor/deposit-record.ts';
import { erase } from '../../actor/erase.ts';
import { findHeader } from '../../actor/find-header.ts';
import { openWithKey } from '../../actor/open-with-key.ts';
import { ownTicket } from '../../actor/own-ticket.ts';
import { dataKeyOfOwner } from '../../actor/owner-key.ts';
import { RejectedError } from '../../errors/rejected-error.ts';
import { compartmentTag } from '../../keys/compartment.ts';
import { NO_COMPARTMENT } from '../../seal/inbox.ts';

export interface FileRecordParameters {
  /** A record that lies in the patient's inbox. */
  readonly record: Hex;
  /** Name of the compartment that it is to lie in. */
  readonly compartment: string;
}

/**
 * Files a record of the inbox: the patient seals it anew into a compartment, where grants can reach it, and erases the
 * one in the inbox.
 *
 * @throws RejectedError UNKNOWN_RECORD when it is not an unerased record in her inbox.
 */
export async function fileRecord(
  patient: Actor,
  { record: id, compartment: name }: FileRecordParameters,
  options: DepositOptions = {},
): Promise<SealedRecord> {
  const { network, keys } = patient;
  await network.view.sync(options);
  const record = network.view.record(id);
  const filed = record?.owner === patient.id && record.compartment === NO_COMPARTMENT && !record.erased;
  if (record === undefined || !filed) throw new RejectedError('UNKNOWN_RECORD');
  const found = await findHeader(network, record, options);
  const opened = await openWithKey(
    network,
    { record, found, dataKey: await dataKeyOfOwner(patient, found.header, record) },
    options,
  );
  const compartment = compartmentTag(keys, name);
  const label = { compartment, level: record.level, epoch: network.view.epoch(patient.id, compartment) };
  const destination = destinationOf(patient, await ownTicket(patient, label));
  const { content, mediaType, measuredAt } = opened;
  const sealed = await depositRecord(patient, { destination, content, mediaType, measuredAt }, options);
  await erase(patient, { record, reason: 'filed' }, options);
  return sealed;
}
