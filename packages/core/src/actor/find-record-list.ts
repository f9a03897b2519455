import type { Hex } from '@medseal/protocol';
import { DecryptionError } from '../errors/decryption-error.ts';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import type { CallOptions } from '../ports/call-options.ts';
import { recordListContext } from '../recipients/box-contexts.ts';
import { openOwnList } from '../recipients/own-record-list.ts';
import { openBox } from '../recipients/participant-box.ts';
import { listScope, parseRecordList } from '../seal/record-list.ts';
import type { Actor } from './actor.ts';

/**
 * The list with this scope, as the actor granted it or was granted it, from what the view has kept or else from the
 * directory; `undefined` where that has none for him. The view knows it from then on, and keeps it as it was sealed.
 */
export async function findRecordList(
  actor: Actor,
  scope: Hex,
  options: CallOptions = {},
): Promise<Uint8Array | undefined> {
  const { view, directory } = actor.network;
  const kept = await firstOf(actor, scope, view.sealedLists(scope));
  const found = kept ?? (await firstOf(actor, scope, await directory.get('recordList', scope, options)));
  if (found === undefined) return undefined;
  view.learnRecords(found.list);
  if (kept === undefined) await view.keepSealedList(scope, found.sealed, options);
  return found.list;
}

interface Found {
  readonly list: Uint8Array;
  readonly sealed: Uint8Array;
}

/** Anybody can put something into a directory: what does not open, or has another root, is not it. */
async function firstOf(actor: Actor, scope: Hex, all: readonly Uint8Array[]): Promise<Found | undefined> {
  for (const sealed of all) {
    const list =
      (await openWith(() => ownCopy(actor, scope, sealed))) ?? (await openWith(() => received(actor, sealed)));
    if (list !== undefined && hasScope(list, scope)) return { list, sealed };
  }
  return undefined;
}

function ownCopy({ keys, network }: Actor, scope: Hex, sealed: Uint8Array): Promise<Uint8Array> {
  return openOwnList(keys, { domain: network.ledger.genesis.domain, scope }, sealed);
}

function received({ keys, network, id }: Actor, sealed: Uint8Array): Promise<Uint8Array> {
  return openBox(keys.receivingSecret, sealed, recordListContext(network.ledger.genesis.domain, id));
}

async function openWith(open: () => Promise<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof DecryptionError) return undefined;
    throw error;
  }
}

function hasScope(list: Uint8Array, scope: Hex): boolean {
  try {
    return listScope(parseRecordList(list)) === scope;
  } catch (error) {
    if (error instanceof MalformedObjectError) return false;
    throw error;
  }
}
