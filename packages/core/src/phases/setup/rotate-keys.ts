import type { Actor } from '../../actor/actor.ts';
import { submitAs, type SubmitOptions } from '../../actor/submit-command.ts';
import { RejectedError } from '../../errors/rejected-error.ts';
import { encodeKeyDocument, keyDocumentDigest, keyDocumentOf } from '../../keys/key-document.ts';
import { generateKeys } from '../../keys/participant-keys.ts';
import type { ParticipantKeys } from '../../ports/key-store.ts';
import type { Receipt } from '../../ports/ledger.ts';

export interface RotatedKeys {
  /** What the participant works with from now on. Keep the old keys too: what was sealed to them opens with them only. */
  readonly keys: ParticipantKeys;
  readonly receipt: Receipt;
}

/**
 * Replaces a participant's receiving key and fragment-signing key. The signing key, and with it the id, stays, and so
 * does a patient's delegating root: her records remain hers. All live grants **to** the participant die: grantors must
 * grant again to the new key.
 *
 * @throws RejectedError NOT_REGISTERED, BANNED, or STALE_VERSION when another device was first.
 */
export async function rotateKeys(actor: Actor, options: SubmitOptions = {}): Promise<RotatedKeys> {
  const { network, id } = actor;
  await network.view.sync(options);
  const standing = network.view.participant(id);
  if (standing === undefined) throw new RejectedError('NOT_REGISTERED');
  const { receivingSecret, fragmentSigner } = generateKeys();
  const keys: ParticipantKeys = { ...actor.keys, receivingSecret, fragmentSigner };
  const document = encodeKeyDocument(keyDocumentOf(keys));
  // The document comes first: once its digest is attested, others must find it.
  await network.directory.put('keyDocument', id, document, options);
  const fields = { keyDocument: keyDocumentDigest(document), expectedKeyVersion: standing.keyVersion };
  const receipt = await submitAs(actor, { type: 'rotateKeys', ...fields }, options);
  return { keys, receipt };
}
