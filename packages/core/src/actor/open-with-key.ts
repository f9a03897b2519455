import { openContent, type OpenedContent } from '../seal/open-content.ts';
import type { RecordView } from '../view/facts.ts';
import type { NetworkParts } from './actor.ts';
import type { FoundHeader } from './find-header.ts';
import type { SubmitOptions } from './submit-command.ts';

export interface OpenOptions extends SubmitOptions {
  /** Told the bytes of the content that have been read so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/**
 * Opens a record once its data key is known, by whatever way.
 *
 * @throws DecryptionError when header or payload do not open, AbsentError when the payload is gone.
 */
export function openWithKey(
  { ledger, store }: Pick<NetworkParts, 'ledger' | 'store'>,
  {
    record,
    found,
    dataKey,
  }: { readonly record: RecordView; readonly found: FoundHeader; readonly dataKey: Uint8Array },
  options: OpenOptions = {},
): Promise<OpenedContent> {
  return openContent({
    header: found.bytes,
    dataKey,
    domain: ledger.genesis.domain,
    contentCommitment: record.anchor.content,
    store,
    signal: options.signal,
    onProgress: options.onProgress,
  });
}
