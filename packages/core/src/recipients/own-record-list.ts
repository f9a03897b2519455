import { concat, type Domain, fromHex, type Hex } from '@medseal/protocol';
import { openOnce, sealOnce } from '../lib/aead.ts';
import { deriveKey } from '../lib/kdf.ts';
import { wipe } from '../lib/wipe.ts';
import type { ParticipantKeys } from '../ports/key-store.ts';

export interface OwnListPlace {
  readonly domain: Domain;
  /** Of the list: its root. */
  readonly scope: Hex;
}

type DelegatingRoot = Pick<ParticipantKeys, 'delegatingRoot'>;

/**
 * The patient's own copy of a list, under a key from her delegating root: unlike her receiving key it is never rotated.
 * The scope commits to the list, so the key encrypts one text only, and the same list gives the same bytes.
 */
export async function sealOwnList(keys: DelegatingRoot, place: OwnListPlace, list: Uint8Array): Promise<Uint8Array> {
  const key = ownListKey(keys, place);
  return sealOnce(key, list).finally(() => wipe(key));
}

/** @throws DecryptionError */
export async function openOwnList(keys: DelegatingRoot, place: OwnListPlace, sealed: Uint8Array): Promise<Uint8Array> {
  const key = ownListKey(keys, place);
  return openOnce(key, sealed).finally(() => wipe(key));
}

function ownListKey({ delegatingRoot }: DelegatingRoot, { domain, scope }: OwnListPlace): Uint8Array {
  return deriveKey(delegatingRoot, 'medseal own record list v1', { info: concat(fromHex(domain), fromHex(scope)) });
}
