import type { CallOptions } from '../ports/call-options.ts';
import type { Store } from '../ports/store.ts';
import { frameHeader } from './file-frame.ts';
import { parseHeader } from './header.ts';

export interface RecordFileParameters extends CallOptions {
  readonly header: Uint8Array;
  readonly store: Pick<Store, 'get'>;
}

/**
 * A record as one file, as it lies: its header, then its payload from the store. Nothing is decrypted; who could open
 * the record can open the file.
 *
 * @throws MalformedObjectError when the header is not one, and what the store throws
 */
export async function* recordFile({ header, store, signal }: RecordFileParameters): AsyncGenerator<Uint8Array> {
  const { blob } = parseHeader(header);
  yield frameHeader(header);
  yield* store.get(blob, { signal });
}
