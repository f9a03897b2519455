import { AbsentError } from '../errors/store-errors.ts';
import type { CallOptions } from '../ports/call-options.ts';
import { type Header, headerDigest, parseHeader } from '../seal/header.ts';
import type { RecordView } from '../view/facts.ts';
import type { NetworkParts } from './actor.ts';

export interface FoundHeader {
  readonly bytes: Uint8Array;
  readonly header: Header;
}

/**
 * The header whose digest the ledger anchors. The directory is not trusted to give it.
 *
 * @throws AbsentError when the directory has none with that digest: the record was erased, or the header is lost.
 */
export async function findHeader(
  { directory }: Pick<NetworkParts, 'directory'>,
  record: RecordView,
  options?: CallOptions,
): Promise<FoundHeader> {
  const headers = await directory.get('header', record.id, options);
  const bytes = headers.find((candidate) => headerDigest(candidate) === record.headerDigest);
  if (bytes === undefined) throw new AbsentError('The directory has no header with the anchored digest');
  return { bytes, header: parseHeader(bytes) };
}
