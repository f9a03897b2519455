import type { Address } from '@medseal/protocol';
import type { CallOptions } from '../ports/call-options.ts';
import { recordListContext } from '../recipients/box-contexts.ts';
import { sealTo } from '../recipients/participant-box.ts';
import { listScope, parseRecordList } from '../seal/record-list.ts';
import type { Actor } from './actor.ts';
import { findKeyDocument } from './find-key-document.ts';

/** Puts a list into the directory, sealed to the grantee, so that he knows which records his grant covers. */
export async function sendRecordList(
  { network }: Actor,
  grantee: Address,
  list: Uint8Array,
  options: CallOptions = {},
): Promise<void> {
  const { receivingPublicKey } = await findKeyDocument(network, grantee, options);
  const box = await sealTo(receivingPublicKey, list, recordListContext(network.ledger.genesis.domain, grantee));
  await network.directory.put('recordList', listScope(parseRecordList(list)), box, options);
}
