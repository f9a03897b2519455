import { addSignatures } from './add-signatures.ts';
import type { CheckpointSource } from './checkpoint-source.ts';
import { unverifiedCheckpoint } from './unverified-checkpoint.ts';
import type { Witness } from './witness.ts';

/**
 * Asks a witness to cosign a log's last checkpoint: gives it with his cosignature, for the log to keep.
 *
 * @throws what `Witness.cosign` throws.
 */
export async function askWitness(log: Omit<CheckpointSource, 'cosigned'>, witness: Witness): Promise<string> {
  const checkpoint = await log.checkpoint();
  const { size } = unverifiedCheckpoint(checkpoint);
  const oldSize = (await witness.latest())?.size ?? 0;
  const proof = oldSize > 0 && oldSize <= size ? await log.consistency(oldSize, size) : [];
  return addSignatures(checkpoint, await witness.cosign({ oldSize, proof, checkpoint }));
}
