import type { Hex } from '@medseal/protocol';
import type { Receipt } from '../ports/ledger.ts';
import { commitText } from '../seal/commit-text.ts';
import type { RecordView } from '../view/facts.ts';
import type { Actor } from './actor.ts';
import { submitAs, type SubmitOptions } from './submit-command.ts';
import { parseHeader } from '../seal/header.ts';

/**
 * Erases one record of the actor's: the command on the ledger first, so that no holder releases anything any more, then
 * every header in the directory (with them goes the only wrapped form of the data key), then the payload.
 *
 */
export async function erase(
  patient: Actor,
  { record, reason }: { readonly record: RecordView; readonly reason: string },
  options: SubmitOptions = {},
): Promise<Receipt> {
  const { id } = patient;
  const { commitment } = commitText('reason', reason);
  const fields = { type: 'eraseRecord', patient: id, record: record.id, reason: commitment } as const;
  const receipt = await submitAs(patient, fields, options);
  await shred(patient, record.id, options);
  return receipt;
}

/** Deletes headers and payload. May be repeated. */
export async function shred({ network }: Actor, record: Hex, options: SubmitOptions = {}): Promise<void> {
  const headers = await network.directory.get('header', record, options);
  await network.directory.delete('header', record, options);
  for (const bytes of headers) {
    const blob = payloadOf(bytes);
    if (blob !== undefined) await network.store.delete(blob, options);
  }
}

function payloadOf(header: Uint8Array): ReturnType<typeof parseHeader>['blob'] | undefined {
  try {
    return parseHeader(header).blob;
  } catch {
    // Not a header: somebody else put it there, and it is deleted all the same.
    return undefined;
  }
}
