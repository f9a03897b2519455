import { UnverifiedLogError } from '../errors/unverified-log-error.ts';
import { WitnessConflictError } from '../errors/witness-conflict-error.ts';
import { systemSeconds } from '../lib/system-seconds.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type CheckpointState, loadCheckpoint, saveCheckpoint, type SeenCheckpoint } from './checkpoint-state.ts';
import { cosign } from './cosign.ts';
import type { NoteVerifier } from './note-verifier.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import { emptyRoot } from './tree-hash.ts';
import { verifyConsistency } from './verify-consistency.ts';
import type { WitnessRequest } from './witness-request.ts';
import type { WitnessSigner } from './witness-signer.ts';

export interface WitnessOptions {
  readonly signer: WitnessSigner;
  /** Keys of the log that is watched: one log, one state, one process at a time. */
  readonly verifiers: readonly NoteVerifier[];
  readonly state: CheckpointState;
  /** Seconds since 1970; by default the system's clock. */
  readonly clock?: (() => number) | undefined;
}

/** Watches that a log only grows. */
export interface Witness {
  /** The last checkpoint that it cosigned. */
  latest(): Promise<Checkpoint | undefined>;
  /**
   * Signature line for a checkpoint that continues the last one (C2SP tlog-witness).
   *
   * @throws MalformedObjectError; UnverifiedLogError with `signer`, `signature` or `origin` as `openCheckpoint`, `age` for
   *   a checkpoint older than the last one, `consistency` for one of another log; WitnessConflictError when the proof
   *   begins elsewhere.
   */
  cosign(request: WitnessRequest): Promise<string>;
}

/**
 * A witness of one log: cosigns its checkpoints as long as each continues the one before, and says when. It saves before
 * it signs, so that after a crash it cosigns no other log.
 */
export function witness({ signer, verifiers, state, clock = systemSeconds }: WitnessOptions): Witness {
  let last: Promise<unknown> = Promise.resolve();
  let loaded: Promise<SeenCheckpoint | undefined> | undefined;
  const load = async (): Promise<SeenCheckpoint | undefined> => {
    try {
      return await loadCheckpoint(state, verifiers);
    } catch (error) {
      loaded = undefined;
      throw error;
    }
  };
  const latest = (): Promise<SeenCheckpoint | undefined> => (loaded ??= load());

  async function answer({ oldSize, proof, checkpoint: note }: WitnessRequest): Promise<string> {
    const fresh = { ...openCheckpoint(note, verifiers), note };
    const seen = await latest();
    const { size, root } = seen ?? { size: 0, root: emptyRoot };
    if (seen !== undefined && seen.origin !== fresh.origin) throw new UnverifiedLogError('origin');
    if (fresh.size < size) throw new UnverifiedLogError('age');
    if (oldSize !== size) throw new WitnessConflictError(size);
    if (!verifyConsistency({ from: size, to: fresh.size, fromRoot: root, toRoot: fresh.root, proof }))
      throw new UnverifiedLogError('consistency');
    await saveCheckpoint(state, fresh);
    loaded = Promise.resolve(fresh);
    return cosign(note, signer, clock());
  }

  return {
    latest,
    cosign: (request) => {
      // One after the other: of two at once each would continue the same old one.
      const answered = last.then(() => answer(request));
      last = answered.catch(() => {});
      return answered;
    },
  };
}
