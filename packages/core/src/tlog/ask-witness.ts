import { addSignatures } from './add-signatures.ts';
import type { CheckpointSource } from './checkpoint-source.ts';
import { unverifiedCheckpoint } from './unverified-checkpoint.ts';
import type { Witness } from './witness.ts';
import type { WitnessRequest } from './witness-request.ts';

/**
 * What to ask a witness, so that it cosigns a log's last checkpoint.
 *
 * @param oldSize size of the checkpoint that the witness cosigned last, 0 for none
 */
export async function witnessRequest(
  log: Omit<CheckpointSource, 'cosigned'>,
  oldSize: number,
): Promise<WitnessRequest> {
  const checkpoint = await log.checkpoint();
  const { size } = unverifiedCheckpoint(checkpoint);
  // For a smaller log there is no proof: the witness will refuse it.
  const proof = oldSize > 0 && oldSize <= size ? await log.consistency(oldSize, size) : [];
  return { oldSize, proof, checkpoint };
}

/**
 * Asks a witness to cosign a log's last checkpoint: gives it with his cosignature, for the log to keep.
 *
 * @throws what `Witness.cosign` throws.
 */
export async function askWitness(log: Omit<CheckpointSource, 'cosigned'>, witness: Witness): Promise<string> {
  const request = await witnessRequest(log, (await witness.latest())?.size ?? 0);
  return addSignatures(request.checkpoint, await witness.cosign(request));
}

/**
 * Asks several witnesses at once to cosign one and the same checkpoint, the log's last: gives it with the cosignatures of
 * all who did. A reader with a quorum needs them under one checkpoint. It waits for every answer: what carries the request
 * to a witness must have a deadline.
 *
 * @param onRefusal is told which witness refused or did not answer, and why
 */
export async function askWitnesses(
  log: Omit<CheckpointSource, 'cosigned'>,
  witnesses: readonly Witness[],
  onRefusal: (error: unknown, witness: Witness) => void,
): Promise<string> {
  const checkpoint = await log.checkpoint();
  const fixed = { checkpoint: () => checkpoint, consistency: log.consistency.bind(log) };
  const lines = await Promise.all(
    witnesses.map(async (witness) => {
      try {
        const request = await witnessRequest(fixed, (await witness.latest())?.size ?? 0);
        return await witness.cosign(request);
      } catch (error) {
        onRefusal(error, witness);
        return '';
      }
    }),
  );
  return addSignatures(checkpoint, lines.join(''));
}
