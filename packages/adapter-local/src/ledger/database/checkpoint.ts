import { noteVerifier, openCheckpoint } from '@medseal/core/tlog';
import { LedgerCorruptError } from '../errors.ts';
import type { Head } from '../reading/head.ts';

/** Reads checkpoints of one log, signed with one key. */
export function checkpointReader(origin: string, verifierKey: string): (note: string) => Head {
  const verifier = parseKey(verifierKey);
  if (verifier.name !== origin) throw new LedgerCorruptError('the key of its checkpoints is that of another ledger');
  let last: Head | undefined;
  return (note) => {
    // Read again and again between two commits, and its signature takes a millisecond.
    if (last?.note === note) return last;
    try {
      const { size, root } = openCheckpoint(note, [verifier]);
      return (last = { size, root, note });
    } catch (error) {
      throw new LedgerCorruptError('its checkpoint is not what was signed', { cause: error });
    }
  };
}

function parseKey(verifierKey: string): ReturnType<typeof noteVerifier> {
  try {
    return noteVerifier(verifierKey);
  } catch (error) {
    throw new LedgerCorruptError('the key of its checkpoints is not what was written', { cause: error });
  }
}
