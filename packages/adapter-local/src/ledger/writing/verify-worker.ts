import { parentPort, workerData } from 'node:worker_threads';
import { type CommandId, type Genesis, type LedgerCode, verifyCommand } from '@medseal/protocol';
import { nativeRecovery } from './native-recovery.ts';

/** Commands to verify, one behind the other; the answer has the same `job`. */
export interface VerifyJob {
  readonly job: number;
  readonly bytes: Uint8Array;
  readonly lengths: readonly number[];
}

/** The id of a good command, or the code that refuses it. */
export type Finding = readonly ['good', CommandId] | readonly ['refused', LedgerCode];

export interface VerifyAnswer {
  /** `ready` is said once, unasked. */
  readonly job: number | 'ready';
  /** One for each command, in order. */
  readonly found: readonly Finding[];
}

const genesis = workerData as Genesis;
const recover = await nativeRecovery();

parentPort?.on('message', ({ job, bytes, lengths }: VerifyJob) => {
  let start = 0;
  const found = lengths.map((length): Finding => {
    const verified = verifyCommand(bytes.subarray(start, (start += length)), genesis, { recover });
    return 'outcome' in verified ? ['refused', verified.code] : ['good', verified.id];
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage({ job, found } satisfies VerifyAnswer);
});
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage({ job: 'ready', found: [] } satisfies VerifyAnswer);
