import type { Genesis } from '@medseal/protocol';
import { VerifyPool, type VerifyPoolOptions } from '../src/ledger/writing/verify-pool.ts';

/** A pool with a thread that has begun. */
export async function startedPool(genesis: Genesis, options: VerifyPoolOptions): Promise<VerifyPool> {
  const pool = new VerifyPool(genesis, options);
  while (!pool.isReady(1)) await new Promise((resolve) => setTimeout(resolve, 5));
  return pool;
}
