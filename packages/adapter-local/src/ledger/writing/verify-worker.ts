import { parentPort, workerData } from 'node:worker_threads';
import { type Genesis, verifyCommand } from '@medseal/protocol';
import { nativeRecovery } from './native-recovery.ts';
import { asFinding, VerifySlots } from './verify-slots.ts';
import { wasmKeccak } from './wasm-keccak.ts';

export interface VerifyWorkerData {
  readonly genesis: Genesis;
  readonly memory: SharedArrayBuffer;
  /** Milliseconds without work after which the thread ends. */
  readonly idle: number;
}

const { genesis, memory, idle } = workerData as VerifyWorkerData;
const options = { recover: await nativeRecovery(), keccak256: await wasmKeccak() };
const slots = new VerifySlots(memory);
slots.countReady(1);
for (let n = slots.take(idle); n !== undefined; n = slots.take(idle)) {
  const finding = asFinding(verifyCommand(slots.wire(n), genesis, options));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  if (slots.answer(n, finding)) parentPort?.postMessage('found');
}
slots.countReady(-1);
