import type { PacedHash, StreamingHash } from './crypto-backend.ts';
import { HashThread, type WorkerThreads } from './hash-thread.ts';
import { platformBackend } from './platform-backend.ts';
import { threadedSha256 } from './threaded-sha256.ts';

interface WithProcess {
  readonly process?: { readonly getBuiltinModule?: (id: string) => unknown } | undefined;
}

/** Below, a thread that must be started first takes longer than it saves. */
const LARGE_BYTES = 32 * 1024 * 1024;

let thread: HashThread | undefined;
let wanted = false;

/**
 * Lets SHA-256 of large payloads be computed on a second thread while this one encrypts or decrypts, in Node. A program
 * calls it once, at its start. The thread sees ciphertext only. It is started for payloads of 32 MiB and more (16 MiB,
 * where the size is not known beforehand), serves all of them, and ends 5 seconds after the last.
 *
 * @param use `false` for no thread, which is the default
 * @returns whether there will be one: `false` where the platform has none
 */
export function useHashThread(use: boolean = true): boolean {
  wanted = use;
  if (use) thread ??= findThread();
  return use && thread !== undefined;
}

function findThread(): HashThread | undefined {
  const { process } = globalThis as WithProcess;
  const threads = process?.getBuiltinModule?.('worker_threads') as WorkerThreads | undefined;
  return typeof threads?.Worker === 'function' ? new HashThread(threads) : undefined;
}

/** SHA-256 for ciphertext of this many bytes, or of `undefined` where nobody knows yet. */
export function ciphertextHash(size: number | undefined): PacedHash {
  const here = (): StreamingHash => platformBackend().sha256();
  if (!wanted || thread === undefined || (size !== undefined && size < LARGE_BYTES)) return here();
  return threadedSha256({ thread, here, atOnce: size !== undefined });
}
