import type { Hex } from '@medseal/protocol';
import { DecryptionError } from '../errors/decryption-error.ts';
import { AbsentError } from '../errors/store-errors.ts';
import { type DepositIdentity, depositTag } from '../keys/deposit-tag.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { RecordView } from '../view/facts.ts';
import type { Actor } from './actor.ts';
import type { SealedRecord } from './deposit-record.ts';
import { findHeader } from './find-header.ts';

/** What an author's own tags say of a deposit that he is about to make. */
export interface DuplicateSearch {
  /** The record that he has made of the same content, and that stands. */
  readonly duplicate: SealedRecord | undefined;
  /** Number of the first tag that is free. */
  readonly free: number;
}

/** Looks only at tags of the author's own, and believes none that the ledger does not bear out. */
export async function findDuplicate(
  author: Actor,
  identity: DepositIdentity,
  options: CallOptions = {},
): Promise<DuplicateSearch> {
  for (let number = 0; ; number++) {
    const records = await recordsUnder(author, identity, number, options);
    if (records.length === 0) return { duplicate: undefined, free: number };
    for (const id of records) {
      const record = author.network.view.record(id);
      if (record === undefined || !isSame(author, identity, record)) continue;
      if (!(await isThere(author, record, options))) continue;
      return { duplicate: sealedRecordOf(author, record), free: number };
    }
  }
}

/** Puts a deposit where `findDuplicate` will find it. */
export async function rememberDeposit(
  { keys, network }: Actor,
  identity: DepositIdentity,
  { record, number }: { readonly record: Hex; readonly number: number },
  options: CallOptions = {},
): Promise<void> {
  const tag = depositTag(keys, identity, number);
  await network.directory.put('depositTag', tag.id, await tag.seal(record), options);
}

async function recordsUnder(
  { keys, network }: Actor,
  identity: DepositIdentity,
  number: number,
  options: CallOptions,
): Promise<readonly Hex[]> {
  const tag = depositTag(keys, identity, number);
  const records: Hex[] = [];
  for (const box of await network.directory.get('depositTag', tag.id, options)) {
    try {
      records.push(await tag.open(box));
    } catch (error) {
      // Anybody can put something into a directory.
      if (!(error instanceof DecryptionError)) throw error;
    }
  }
  return records;
}

function isSame({ id, network }: Actor, identity: DepositIdentity, record: RecordView): boolean {
  const { patient, compartment, level, epoch } = identity;
  return (
    !record.erased &&
    record.author === id &&
    record.owner === patient &&
    record.compartment === compartment &&
    record.level === level &&
    record.epoch === epoch &&
    network.view.epoch(patient, compartment) === epoch
  );
}

/** A record whose header or payload was lost is no reason to refuse the content once more. */
async function isThere({ network }: Actor, record: RecordView, options: CallOptions): Promise<boolean> {
  try {
    const { header } = await findHeader(network, record, options);
    return await network.store.has(header.blob, options);
  } catch (error) {
    if (error instanceof AbsentError) return false;
    throw error;
  }
}

function sealedRecordOf({ network }: Actor, record: RecordView): SealedRecord | undefined {
  const entry = network.view.entries[record.index];
  if (entry === undefined) return undefined;
  const { id, cursor, time, violation } = entry;
  return {
    id: record.id,
    headerDigest: record.headerDigest,
    receipt: { id, cursor, time, violation },
    duplicate: true,
  };
}
