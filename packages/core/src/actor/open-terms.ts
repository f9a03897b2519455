import { AbsentError } from '../errors/store-errors.ts';
import { DecryptionError } from '../errors/decryption-error.ts';
import type { CallOptions } from '../ports/call-options.ts';
import { termsContext } from '../recipients/box-contexts.ts';
import { openBox } from '../recipients/participant-box.ts';
import { parseTerms, type Terms, termsCommitment } from '../seal/terms.ts';
import type { RequestView } from '../view/facts.ts';
import type { Actor } from './actor.ts';

/**
 * What an access request really asks for: the terms whose commitment stands on the ledger.
 *
 * @throws AbsentError when the directory has no such terms.
 */
export async function openTerms(patient: Actor, { id, request }: RequestView, options?: CallOptions): Promise<Terms> {
  const { network, keys } = patient;
  const context = termsContext(network.ledger.genesis.domain, patient.id);
  for (const box of await network.directory.get('terms', id, options)) {
    try {
      const terms = await openBox(keys.receivingSecret, box, context);
      if (termsCommitment(terms) === request.terms) return parseTerms(terms);
    } catch (error) {
      // Anybody can put a box into a directory: one that does not open is not ours.
      if (!(error instanceof DecryptionError)) throw error;
    }
  }
  throw new AbsentError('The directory has no terms with the commitment that the request made');
}
