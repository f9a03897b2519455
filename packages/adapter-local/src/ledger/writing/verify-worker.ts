import { parentPort, workerData } from 'node:worker_threads';
import { type Genesis, type LedgerCode, verifyCommand } from '@medseal/protocol';

/** Commands to verify; the answer has the same `job`. */
export interface VerifyJob {
  readonly job: number;
  readonly wires: readonly Uint8Array[];
}

/** For each command the code that refuses it, or `null`. */
export interface VerifyAnswer {
  readonly job: number;
  readonly codes: readonly (LedgerCode | null)[];
}

const genesis = workerData as Genesis;

parentPort?.on('message', ({ job, wires }: VerifyJob) => {
  const codes = wires.map((wire) => {
    const verified = verifyCommand(wire, genesis);
    return 'outcome' in verified ? verified.code : null;
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage({ job, codes } satisfies VerifyAnswer);
});
