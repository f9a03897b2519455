import type { Address } from '@medseal/protocol';
import { RejectedError } from '../errors/rejected-error.ts';
import { AbsentError } from '../errors/store-errors.ts';
import { type KeyDocument, keyDocumentDigest, parseKeyDocument } from '../keys/key-document.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Directory } from '../ports/directory.ts';
import type { Projection } from '../view/projection.ts';

/**
 * The public keys of a participant, as the authority attested them. The directory is not trusted: only the document
 * with the attested digest counts.
 *
 * @throws RejectedError UNKNOWN_PARTICIPANT when the view knows no such participant, AbsentError when the directory
 *   has no document with the attested digest.
 */
export async function findKeyDocument(
  { view, directory }: { readonly view: Projection; readonly directory: Directory },
  id: Address,
  options?: CallOptions,
): Promise<KeyDocument> {
  const attested = view.keyDocument(id);
  if (attested === undefined) throw new RejectedError('UNKNOWN_PARTICIPANT');
  const documents = await directory.get('keyDocument', id, options);
  const found = documents.find((bytes) => keyDocumentDigest(bytes) === attested);
  if (found === undefined) throw new AbsentError('The directory has no key document with the attested digest');
  return parseKeyDocument(found);
}
