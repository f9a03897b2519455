import type { Checkpoint } from './checkpoint.ts';
import type { NoteVerifier } from './note-verifier.ts';
import { openCheckpoint } from './open-checkpoint.ts';

/** Where a witness or a reader keeps the last checkpoint that it believed. A `ProxyState` is one. */
export interface CheckpointState {
  /** What was saved last, `undefined` the first time. */
  load(): Promise<Uint8Array | undefined>;
  /** Resolves once the bytes would survive a crash, which leaves the old bytes or the new ones, whole. */
  save(bytes: Uint8Array): Promise<void>;
}

export interface SeenCheckpoint extends Checkpoint {
  /** Signed, as it was received. */
  readonly note: string;
}

/** @throws MalformedObjectError, UnverifiedLogError: who can not read where he was must not begin anew. */
export async function loadCheckpoint(
  state: CheckpointState,
  verifiers: readonly NoteVerifier[],
): Promise<SeenCheckpoint | undefined> {
  const bytes = await state.load();
  if (bytes === undefined) return undefined;
  const note = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return { ...openCheckpoint(note, verifiers), note };
}

export function saveCheckpoint(state: CheckpointState, { note }: SeenCheckpoint): Promise<void> {
  return state.save(new TextEncoder().encode(note));
}
