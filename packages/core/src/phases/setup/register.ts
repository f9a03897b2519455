import { type Address, type Level, noOrganisation, type Role, toHex } from '@medseal/protocol';
import type { AuthorityActor } from '../../actor/actor.ts';
import { submitByAuthority, type SubmitOptions } from '../../actor/submit-command.ts';
import { encodeKeyDocument, keyDocumentDigest, keyDocumentOf } from '../../keys/key-document.ts';
import { hmac } from '../../lib/kdf.ts';
import type { ParticipantKeys } from '../../ports/key-store.ts';
import type { Receipt } from '../../ports/ledger.ts';
import { utf8ToBytes } from '@noble/hashes/utils.js';

export interface RegisterParameters {
  /** The new participant's keys: he signs too, as proof that he holds them. */
  readonly keys: ParticipantKeys;
  readonly roles: readonly Role[];
  /** Highest level of data that may be granted to the participant. */
  readonly clearance: Level;
  /** The organisation that the participant belongs to. */
  readonly organisation?: Address | undefined;
  /** What identifies the person to the authority, such as a national number. Only a keyed commitment leaves here. */
  readonly person: string;
}

/**
 * Admits a participant: publishes the key document and anchors its digest under the authority's signatures.
 *
 * @throws RejectedError ALREADY_REGISTERED, PERSON_TAKEN, BAD_ORGANISATION or BAD_SIGNATURE.
 */
export async function register(
  authority: AuthorityActor,
  { keys, roles, clearance, organisation = noOrganisation, person }: RegisterParameters,
  options: SubmitOptions = {},
): Promise<Receipt> {
  const document = encodeKeyDocument(keyDocumentOf(keys));
  await authority.network.directory.put('keyDocument', keys.address, document, options);
  return submitByAuthority(
    authority.network,
    {
      type: 'register',
      participant: keys.address,
      keyDocument: keyDocumentDigest(document),
      organisation,
      roles,
      clearance,
      person: toHex(hmac(authority.personKey, utf8ToBytes(person))),
    },
    { signers: authority.signers, last: [keys.signer] },
    options,
  );
}
