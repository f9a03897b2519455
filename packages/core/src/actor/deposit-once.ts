import type { Hex } from '@medseal/protocol';
import { abortable } from '../lib/abort.ts';
import { type Content, toByteStream } from '../lib/byte-stream.ts';
import { digesting } from '../lib/digest.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { SealedContent } from '../seal/seal-content.ts';
import type { Actor } from './actor.ts';
import {
  anchorDeposit,
  type Deposit,
  type DepositOptions,
  discardDeposit,
  sealDeposit,
  type SealedRecord,
} from './deposit-record.ts';
import { type DuplicateSearch, findDuplicate, rememberDeposit } from './find-duplicate.ts';

export interface DepositOnce extends Deposit {
  /** Whether the author has said when the content was measured. */
  readonly measuredAtStated: boolean;
}

/**
 * As `depositRecord`, unless this author has made a record of the same content already: then nothing is anchored, nothing
 * stays in the store, and that record is the answer. Two deposits at the same time may both be made.
 */
export async function depositOnce(
  author: Actor,
  { measuredAtStated, ...deposit }: DepositOnce,
  options: DepositOptions = {},
): Promise<SealedRecord> {
  const { destination, mediaType, measuredAt } = deposit;
  const identityOf = (plaintextDigest: Hex) => ({
    ...destination,
    domain: author.network.ledger.genesis.domain,
    mediaType,
    measuredAt: measuredAtStated ? measuredAt : undefined,
    plaintextDigest,
  });
  const search = (digest: Hex): Promise<DuplicateSearch> => findDuplicate(author, identityOf(digest), options);

  const expected = await digestAhead(deposit.content, options);
  const before = expected === undefined ? undefined : await search(expected);
  if (before?.duplicate !== undefined) return before.duplicate;
  const sealed = await sealDeposit(author, deposit, options);
  // A stream is known only now.
  const found =
    before !== undefined && sealed.plaintextDigest === expected
      ? before
      : await searchOrDiscard(author, sealed, search);
  if (found.duplicate !== undefined) {
    await discardDeposit(author, sealed);
    return found.duplicate;
  }
  const record = await anchorDeposit(author, destination, sealed, options);
  const remembered = { record: record.id, number: found.free };
  // The record stands. A tag that is not there costs a duplicate, should the same content come again, and nothing else.
  await rememberDeposit(author, identityOf(sealed.plaintextDigest), remembered).catch(() => {});
  return record;
}

async function searchOrDiscard(
  author: Actor,
  sealed: SealedContent,
  search: (digest: Hex) => Promise<DuplicateSearch>,
): Promise<DuplicateSearch> {
  try {
    return await search(sealed.plaintextDigest);
  } catch (error) {
    await discardDeposit(author, sealed);
    throw error;
  }
}

/** SHA-256 of content that can be read twice. */
async function digestAhead(content: Content, { signal }: CallOptions): Promise<Hex | undefined> {
  if (!(content instanceof Uint8Array || content instanceof Blob)) return undefined;
  const hashed = digesting(abortable(toByteStream(content), signal));
  for await (const _ of hashed.stream);
  return hashed.result()?.digest;
}
