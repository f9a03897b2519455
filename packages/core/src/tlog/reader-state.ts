import { readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';
import type { CheckpointState, SeenCheckpoint } from './checkpoint-state.ts';
import { type Frontier, hashCount } from './frontier.ts';
import type { NoteVerifier } from './note-verifier.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import type { VerifiedPlace } from './verified-places.ts';

/** What a reader of a witnessed log keeps over restarts. */
export interface ReaderState {
  readonly accepted: SeenCheckpoint;
  /** Within what was accepted, the last ones. */
  readonly places: readonly VerifiedPlace[];
}

const OBJECT = 'reader state';
const VERSION = 1;
const HASH = 32;
const MAX_NOTE = 1_000_000;
const MAX_CURSOR = 1024;

/** version ‖ signed checkpoint ‖ places, each a cursor, how many entries end there, and the edge of their tree. */
export function saveReaderState(state: CheckpointState, { accepted, places }: ReaderState): Promise<void> {
  const out = byteWriter()
    .u8(VERSION, 'version')
    .utf8(accepted.note, MAX_NOTE, 'checkpoint')
    .u16(places.length, 'number of places');
  for (const { cursor, frontier } of places) {
    out.utf8(cursor, MAX_CURSOR, 'cursor').u48(frontier.size, 'size');
    for (const hash of frontier.hashes) out.fixed(hash, HASH, 'hash');
  }
  return state.save(out.done());
}

/** @throws MalformedObjectError, UnverifiedLogError: who can not read where he was must not begin anew. */
export async function loadReaderState(
  state: CheckpointState,
  verifiers: readonly NoteVerifier[],
): Promise<ReaderState | undefined> {
  const bytes = await state.load();
  if (bytes === undefined) return undefined;
  const { note, places } = readObject(bytes, OBJECT, (next) => {
    next.require(next.u8('version') === VERSION, 'version', 'is unknown');
    return {
      note: next.utf8(MAX_NOTE, 'checkpoint'),
      places: Array.from({ length: next.u16('number of places') }, (): VerifiedPlace => {
        const [cursor, size] = [next.utf8(MAX_CURSOR, 'cursor'), next.u48('size')];
        const hashes = Array.from({ length: hashCount(size) }, () => next.fixed(HASH, 'hash'));
        return { cursor, frontier: { size, hashes } satisfies Frontier };
      }),
    };
  });
  const accepted = { ...openCheckpoint(note, verifiers), note };
  // A place is a hint: one that is wrong takes a reading from the beginning, and no more.
  return { accepted, places: places.filter(({ frontier }) => frontier.size <= accepted.size) };
}
