import { digesting } from '../lib/digest.ts';
import type { BlobRef } from '../ports/store.ts';
import { type CopyState, stateOfFault } from './conclude.ts';
import type { Copy } from './copy.ts';
import { readCopy } from './copy-reader.ts';

export interface Inspection {
  readonly state: CopyState;
  /** Why the copy is unreachable. */
  readonly error?: unknown;
}

/** Reads a copy's object to its end and compares the digest. */
export async function inspectCopy(
  copy: Copy,
  ref: BlobRef,
  options: { readonly timeout: number; readonly signal?: AbortSignal | undefined },
): Promise<Inspection> {
  const reader = readCopy(copy, ref, { ...options, reuse: true });
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) yield next.value;
  }
  const hashed = digesting(pieces());
  try {
    for await (const _ of hashed.stream) options.signal?.throwIfAborted();
    copy.answered();
    return { state: hashed.result()?.digest === ref.digest ? 'whole' : 'damaged' };
  } catch (error) {
    options.signal?.throwIfAborted();
    const state = stateOfFault({ copy, error });
    if (state === 'unreachable') copy.failed();
    return { state, error };
  } finally {
    reader.close();
  }
}
