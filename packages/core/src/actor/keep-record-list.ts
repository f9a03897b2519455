import type { Hex } from '@medseal/protocol';
import type { CallOptions } from '../ports/call-options.ts';
import { sealOwnList } from '../recipients/own-record-list.ts';
import type { Actor } from './actor.ts';

/**
 * Puts the patient's own copy of a list into the directory, sealed, and tells it to the view, which keeps it too. The
 * copy comes before the grant: without the list she could neither deliver the grant again nor renew its compartments after a revocation.
 */
export async function keepRecordList(
  { keys, network }: Actor,
  list: Uint8Array,
  options: CallOptions = {},
): Promise<Hex> {
  const scope = network.view.learnRecords(list);
  const { domain } = network.ledger.genesis;
  const sealed = await sealOwnList(keys, { domain, scope }, list);
  await network.directory.put('recordList', scope, sealed, options);
  await network.view.keepSealedList(scope, sealed, options);
  return scope;
}
