import { type Address, concat, fromHex, type Hex } from '@medseal/protocol';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

// What each sealed box is for. A box opens only under the context that it was made for, so none passes for another.

/** Context of a deposit ticket on its way from patient to author. */
export function ticketContext(domain: Hex, author: Address): Uint8Array {
  return concat(utf8ToBytes('medseal box ticket 1'), fromHex(domain), fromHex(author));
}

/** Context of the terms of an access request on their way to the patient. */
export function termsContext(domain: Hex, patient: Address): Uint8Array {
  return concat(utf8ToBytes('medseal box terms 1'), fromHex(domain), fromHex(patient));
}

/** Context of a record list on its way to a proxy or to the grantee. */
export function recordListContext(domain: Hex, recipient: Address): Uint8Array {
  return concat(utf8ToBytes('medseal box record list 1'), fromHex(domain), fromHex(recipient));
}

/** Context of a key fragment on its way to a proxy: the signed manifest that names it. */
export function fragmentContext(manifest: Uint8Array): Uint8Array {
  return concat(utf8ToBytes('medseal box fragment 1'), sha256(manifest));
}
